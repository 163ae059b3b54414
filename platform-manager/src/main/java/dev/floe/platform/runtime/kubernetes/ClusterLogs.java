package dev.floe.platform.runtime.kubernetes;

import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.PrefixedLines;
import dev.floe.platform.runtime.ReaderGoneException;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * The logs of the containers of several pods, init containers included. Read once, their lines are
 * merged by time. Followed, lines come as they are written, also those of pods that appear later
 * and of containers that are started again.
 *
 * @param pods as they were listed
 * @param labels that these pods and later ones carry
 */
record ClusterLogs(
    KubernetesClient client,
    String namespace,
    Map<String, String> labels,
    List<Pod> pods,
    LogRequest request)
    implements ComponentLog {
  private static final int PART = 1 << 13;

  /** Containers that are followed for one reader; what comes later waits until others end. */
  private static final int MOST_FOLLOWED = 100;

  private static final Duration END = Duration.ofSeconds(10);

  ClusterLogs {
    labels = Map.copyOf(labels);
    pods = List.copyOf(pods);
  }

  /**
   * A container of a pod, as its status says.
   *
   * @param only whether its pod has no other, apart from init containers
   */
  private record Seen(Pod pod, ContainerStatus status, boolean only) {
    static List<Seen> in(Pod pod) {
      var status = pod.getStatus();
      if (status == null) {
        return List.of();
      }
      var init = status.getInitContainerStatuses();
      var all = Stream.concat(init.stream(), status.getContainerStatuses().stream());
      boolean only = status.getContainerStatuses().size() == 1;
      return all.map(one -> new Seen(pod, one, only && !init.contains(one))).toList();
    }

    /** Whether there is a log of it. */
    boolean started() {
      var state = status.getState();
      boolean begun =
          state != null && (state.getRunning() != null || state.getTerminated() != null);
      return begun || previous();
    }

    /** Whether there is a log of the time before its last restart. */
    boolean previous() {
      return status.getLastState() != null && status.getLastState().getTerminated() != null;
    }

    /** The pod, with its container where there are several. */
    String name() {
      var name = pod.getMetadata().getName();
      return only ? name : name + "/" + status.getName();
    }

    /** Differs after each restart. */
    String instance() {
      return pod.getMetadata().getUid() + "/" + status.getName() + "/" + status.getRestartCount();
    }

    ContainerResource log(KubernetesClient client) {
      return client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .inContainer(status.getName());
    }
  }

  @Override
  public void copy(LogSink sink) throws IOException {
    if (request.follow()) {
      new Follower(sink).run();
    } else {
      once(sink);
    }
  }

  private void once(LogSink sink) throws IOException {
    var logs = new ArrayList<TimedLines>();
    try {
      for (var pod : pods) {
        for (var container : Seen.in(pod)) {
          open(container, sink, logs.size()).ifPresent(logs::add);
        }
      }
      TimedLines.merge(logs);
      if (logs.stream().anyMatch(log -> log.read() >= request.maxBytes())) {
        new PrefixedLines("floe", sink)
            .note(
                "(cut after %d bytes of a container; ask for fewer lines with tail)"
                    .formatted(request.maxBytes()));
      }
    } finally {
      for (var log : logs) {
        log.close();
      }
    }
  }

  private Optional<TimedLines> open(Seen container, LogSink sink, int order) throws IOException {
    var lines = new PrefixedLines(container.name(), sink);
    if (request.previous() ? !container.previous() : !container.started()) {
      lines.note(request.previous() ? "(was not restarted)" : "(has not started)");
      return Optional.empty();
    }
    try {
      var log = container.log(client).usingTimestamps();
      // The client either limits the bytes or reads what was before, so the lines are limited here.
      var in =
          (request.previous() ? log.terminated() : log.limitBytes(request.maxBytes()))
              .tailingLines(request.tail())
              .getLogInputStream();
      return in == null
          ? Optional.empty()
          : Optional.of(new TimedLines(lines, in, request.maxBytes(), order));
    } catch (KubernetesClientException e) {
      lines.note("(no log: %s)".formatted(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Follows each container on a thread of its own; all have ended when {@link #run} returns. */
  private final class Follower implements ResourceEventHandler<Pod> {
    private final LogSink sink;
    private final Set<String> known = new HashSet<>();
    private final Map<String, Thread> running = new ConcurrentHashMap<>();
    private final Queue<LogWatch> watches = new ConcurrentLinkedQueue<>();
    private boolean begun;

    private Follower(LogSink sink) {
      this.sink = sink;
    }

    private void run() throws IOException {
      pods.forEach(this::follow);
      begun = true;
      try (var informer = client.pods().inNamespace(namespace).withLabels(labels).inform(this, 0)) {
        while (informer.isRunning()) {
          Thread.sleep(Duration.ofSeconds(1));
          sink.idle();
        }
        throw new IOException("the pods cannot be watched any more");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      } finally {
        end();
      }
    }

    @Override
    public void onAdd(Pod pod) {
      follow(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      follow(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknownState) {
      // its containers have ended, and so have their threads
    }

    private synchronized void follow(Pod pod) {
      for (var container : Seen.in(pod)) {
        if (running.size() < MOST_FOLLOWED
            && container.started()
            && known.add(container.instance())) {
          boolean fromTail = !begun;
          var thread =
              Thread.ofVirtual()
                  .name("log of " + container.name())
                  .unstarted(() -> {
                    try {
                      follow(container, fromTail);
                    } finally {
                      running.remove(container.instance());
                    }
                  });
          running.put(container.instance(), thread);
          thread.start();
        }
      }
    }

    /**
     * @param fromTail whether only the last lines are wanted: not of what has just appeared
     */
    private void follow(Seen container, boolean fromTail) {
      var lines = new PrefixedLines(container.name(), sink);
      try {
        var log = container.log(client);
        try (var watch = fromTail ? log.tailingLines(request.tail()).watchLog() : log.watchLog()) {
          watches.add(watch);
          var part = new byte[PART];
          var in = watch.getOutput();
          for (int read = in.read(part); read >= 0; read = in.read(part)) {
            lines.write(part, read);
            sink.flush();
          }
          lines.end();
          watches.remove(watch);
        } catch (ReaderGoneException | InterruptedIOException e) {
          throw e;
        } catch (KubernetesClientException | IOException e) {
          lines.note("(no log: %s)".formatted(e.getMessage()));
        }
        sink.flush();
      } catch (IOException e) {
        // The reader is gone, which whoever waits for this thread notices too.
      }
    }

    private void end() {
      boolean interrupted = Thread.interrupted();
      List<Thread> threads;
      synchronized (this) {
        threads = List.copyOf(running.values());
      }
      threads.forEach(Thread::interrupt);
      watches.forEach(LogWatch::close);
      try {
        for (var thread : threads) {
          thread.join(END);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
