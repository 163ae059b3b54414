package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.LogPosition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod's log from a place on. The kubelet keeps a container's log in files that it rotates (10 MiB
 * unless set) and reads out the last one only; {@link TimestampedLog} finds the place in it.
 *
 * <p>A followed stream can stand still for ever: where the file was rotated while its reader was
 * behind, the kubelet goes on to wait at the end of the old file. So a stream that has brought
 * enough for a rotation and is silent then ends, and its reader opens another from there.
 */
final class PodLog extends AttemptLog {
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final TimestampedLog log;
  private final @Nullable LogWatch watch;
  private volatile long waitingSince;
  private volatile boolean waits;
  private volatile boolean closed;
  private volatile boolean silent;
  private boolean guarded;

  private PodLog(TimestampedLog log, @Nullable LogWatch watch) {
    this.log = log;
    this.watch = watch;
  }

  /** Whether its container has begun, so that there is a log to read. */
  static boolean hasLog(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> JobTemplate.CONTAINER.equals(status.getName()))
        .anyMatch(status ->
            status.getState() != null
                && (status.getState().getRunning() != null
                    || status.getState().getTerminated() != null));
  }

  /** Empty where there is no log after all. */
  static Optional<AttemptLog> open(
      KubernetesClient client, Pod pod, LogPosition from, boolean follow) {
    var lines = container(client, pod).usingTimestamps();
    var marker = LogMarker.parse(from.marker());
    try {
      if (follow) {
        var watch = marker == null ? lines.watchLog() : lines.sinceTime(marker.since()).watchLog();
        return of(new PodLog(new TimestampedLog(watch.getOutput(), from, false, true), watch));
      }
      var stream =
          marker == null
              ? lines.getLogInputStream()
              : lines.sinceTime(marker.since()).getLogInputStream();
      return of(stream, from, false);
    } catch (KubernetesClientException e) {
      return none(e);
    }
  }

  /** The last lines, from the place on where that is among them. */
  static Optional<AttemptLog> openEnd(
      KubernetesClient client, Pod pod, LogPosition from, int lines) {
    try {
      return of(
          container(client, pod).usingTimestamps().tailingLines(lines).getLogInputStream(),
          from,
          true);
    } catch (KubernetesClientException e) {
      return none(e);
    }
  }

  private static io.fabric8.kubernetes.client.dsl.ContainerResource container(
      KubernetesClient client, Pod pod) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .inContainer(JobTemplate.CONTAINER);
  }

  private static Optional<AttemptLog> of(
      @Nullable InputStream stream, LogPosition from, boolean tail) {
    return stream == null
        ? Optional.empty()
        : of(new PodLog(new TimestampedLog(stream, from, tail, false), null));
  }

  private static Optional<AttemptLog> of(AttemptLog log) {
    return Optional.of(log);
  }

  private static Optional<AttemptLog> none(KubernetesClientException e) {
    if (e.getCode() == 400 || e.getCode() == 404) {
      return Optional.empty();
    }
    throw ApiAnswers.unavailable(e);
  }

  @Override
  public LogPosition position() {
    var position = log.position();
    return silent ? position.asSettled() : position;
  }

  @Override
  public @Nullable String missing() {
    return log.missing();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    waitingSince = System.nanoTime();
    waits = true;
    try {
      return log.read(target, offset, length);
    } catch (IOException e) {
      if (silent) {
        return -1;
      }
      throw e;
    } finally {
      waits = false;
      guard();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (watch != null) {
      watch.close();
    }
    log.close();
  }

  private void guard() {
    if (watch == null || guarded || log.streamed() < TimestampedLog.MUCH) {
      return;
    }
    guarded = true;
    Thread.ofVirtual().name("silence of a log").start(() -> endWhenSilent(watch));
  }

  private void endWhenSilent(LogWatch followed) {
    try {
      while (!closed) {
        Thread.sleep(BETWEEN_LOOKS);
        if (waits && System.nanoTime() - waitingSince > SILENCE.toNanos()) {
          silent = true;
          followed.close();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
