package dev.floe.platform.runtime.kubernetes;

import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.PrefixedLines;
import dev.floe.platform.runtime.ReaderGoneException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The logs of the containers of several pods.
 *
 * @param pods as they were listed; those that come later are not followed
 */
record ClusterLogs(KubernetesClient client, List<Pod> pods, LogRequest request)
    implements ComponentLog {
  private static final int PART = 1 << 13;
  private static final Duration END = Duration.ofSeconds(10);

  ClusterLogs {
    pods = List.copyOf(pods);
  }

  @Override
  public void copy(LogSink sink) throws IOException {
    if (request.follow()) {
      follow(sink);
      return;
    }
    for (var pod : pods) {
      for (var container : pod.getSpec().getContainers()) {
        once(pod, container, sink);
      }
    }
  }

  private void once(Pod pod, Container container, LogSink sink) throws IOException {
    var lines = new PrefixedLines(pod.getMetadata().getName(), sink);
    long read;
    try (var in = open(pod, container)) {
      read = copy(in, lines, null);
    } catch (KubernetesClientException e) {
      lines.note("(no log of container %s: %s)".formatted(container.getName(), e.getMessage()));
      return;
    }
    lines.end();
    if (read >= request.maxBytes()) {
      lines.note(
          "(cut after %d bytes; ask for fewer lines with tail)".formatted(request.maxBytes()));
    }
  }

  private InputStream open(Pod pod, Container container) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .inContainer(container.getName())
        .limitBytes(request.maxBytes())
        .tailingLines(request.tail())
        .withReadyWaitTimeout(0)
        .getLogInputStream();
  }

  /** Follows each container on a thread of its own; the threads have ended when this returns. */
  private void follow(LogSink sink) throws IOException {
    var threads = new ArrayList<Thread>();
    var watches = new ConcurrentLinkedQueue<LogWatch>();
    int count = pods.stream().mapToInt(pod -> pod.getSpec().getContainers().size()).sum();
    var ended = new CountDownLatch(count);
    for (var pod : pods) {
      for (var container : pod.getSpec().getContainers()) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    follow(pod, container, sink, watches);
                  } finally {
                    ended.countDown();
                  }
                }));
      }
    }
    try {
      while (!ended.await(1, TimeUnit.SECONDS)) {
        sink.idle();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      end(threads, watches);
    }
  }

  private static void end(List<Thread> threads, ConcurrentLinkedQueue<LogWatch> watches) {
    boolean interrupted = Thread.interrupted();
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

  private void follow(
      Pod pod, Container container, LogSink sink, ConcurrentLinkedQueue<LogWatch> watches) {
    var lines = new PrefixedLines(pod.getMetadata().getName(), sink);
    try {
      try (var watch = watch(pod, container)) {
        watches.add(watch);
        copy(watch.getOutput(), lines, sink);
        lines.end();
      } catch (ReaderGoneException | InterruptedIOException e) {
        throw e;
      } catch (KubernetesClientException | IOException e) {
        lines.note("(no log of container %s: %s)".formatted(container.getName(), e.getMessage()));
      }
      sink.flush();
    } catch (IOException e) {
      // The reader is gone, which whoever waits for this thread notices too.
    }
  }

  private LogWatch watch(Pod pod, Container container) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .inContainer(container.getName())
        .tailingLines(request.tail())
        .withReadyWaitTimeout(0)
        .watchLog();
  }

  /**
   * Copies a stream to its end.
   *
   * @param flushed what to flush after each part; null when that is not urgent
   * @return bytes read
   */
  private static long copy(InputStream in, PrefixedLines lines, @Nullable LogSink flushed)
      throws IOException {
    var part = new byte[PART];
    long all = 0;
    for (int read = in.read(part); read >= 0; read = in.read(part)) {
      lines.write(part, read);
      all += read;
      if (flushed != null) {
        flushed.flush();
      }
    }
    return all;
  }
}
