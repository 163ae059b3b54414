package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.LogPosition;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A pod's log from a place on. The kubelet keeps a container's log in files that it rotates (10 MiB
 * unless set) and reads out the last one only; {@link TimestampedLog} finds the place in it.
 *
 * <p>A followed stream can stand still for ever: where the file was rotated while its reader was
 * behind, the kubelet continues to wait at the end of the old file. So a stream that has brought
 * enough for a rotation and is silent then ends, and its reader opens another from there.
 */
final class PodLog extends AttemptLog {
  private static final Logger LOG = Logger.getLogger(PodLog.class);
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final @Nullable Source source;
  private final boolean over;
  private TimestampedLog log;
  private volatile @Nullable LogWatch watch;
  private volatile @Nullable LogWatch candidate;
  private volatile long waitingSince;
  private volatile boolean waits;
  private volatile boolean closed;
  private volatile boolean silent;
  private volatile boolean hurried;
  private boolean settled;
  private boolean skipped;
  private boolean guarded;

  /** Opens followed streams of the container, from so many last lines on. */
  @FunctionalInterface
  private interface Source {
    LogWatch lastLines(int lines);
  }

  /**
   * @param over whether its container had ended when it was opened
   */
  private PodLog(
      TimestampedLog log, @Nullable LogWatch watch, @Nullable Source source, boolean over) {
    this.log = log;
    this.watch = watch;
    this.source = source;
    this.over = over;
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

  /** When its container has ended, by its node's clock, rounded up to a second. */
  private static Optional<Long> end(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> JobTemplate.CONTAINER.equals(status.getName()))
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getTerminated() != null)
        .map(state -> state.getTerminated().getFinishedAt())
        .filter(Objects::nonNull)
        .map(finished -> (Instant.parse(finished).getEpochSecond() + 1) * TimestampedLog.SECOND)
        .findFirst();
  }

  /** Empty where there is no log after all. */
  static Optional<AttemptLog> open(
      KubernetesClient client, Pod pod, LogPosition from, boolean follow) {
    var lines = container(client, pod).usingTimestamps();
    var marker = LogMarker.parse(from.marker());
    try {
      if (follow) {
        var watch = marker == null ? lines.watchLog() : lines.sinceTime(marker.since()).watchLog();
        Source source =
            last -> container(client, pod).usingTimestamps().tailingLines(last).watchLog();
        var log = new TimestampedLog(watch.getOutput(), from, false, true, TimestampedLog.now());
        return Optional.of(new PodLog(log, watch, source, false));
      }
      var stream =
          marker == null
              ? lines.getLogInputStream()
              : lines.sinceTime(marker.since()).getLogInputStream();
      return of(pod, stream, from, false);
    } catch (KubernetesClientException e) {
      return none(e);
    }
  }

  /** The last lines, from the place on where that is among them. */
  static Optional<AttemptLog> openEnd(
      KubernetesClient client, Pod pod, LogPosition from, int lines) {
    try {
      return of(
          pod,
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
      Pod pod, @Nullable InputStream stream, LogPosition from, boolean tail) {
    if (stream == null) {
      return Optional.empty();
    }
    var end = end(pod);
    var log = new TimestampedLog(stream, from, tail, false, end.orElseGet(TimestampedLog::now));
    return Optional.of(new PodLog(log, null, null, end.isPresent()));
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
    // A log that was once too fast may have lost its end too: only its last line's file tells.
    return (silent || settled) && !skipped ? position.asSettled() : position;
  }

  @Override
  public @Nullable String missing() {
    return log.missing();
  }

  @Override
  public void hurry() {
    hurried = true;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    waitingSince = System.nanoTime();
    waits = true;
    try {
      int count = readOrSkip(target, offset, length);
      if (count < 0 && !silent) {
        ended();
      }
      return count;
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

  private int readOrSkip(byte[] target, int offset, int length) throws IOException {
    if (hurried && source != null) {
      hurried = false;
      return skip(target, offset, length);
    }
    try {
      return log.read(target, offset, length);
    } catch (TimestampedLog.BehindException e) {
      return skip(target, offset, length);
    }
  }

  /**
   * Continues with the last lines, because the end matters more than the middle. The present stream
   * is kept where that brings nothing newer: it may hold the end in a file that was rotated away.
   */
  private int skip(byte[] target, int offset, int length) throws IOException {
    var opened = Objects.requireNonNull(source).lastLines(log.linesOfAMebibyte());
    candidate = opened;
    var next =
        new TimestampedLog(opened.getOutput(), log.position(), true, true, TimestampedLog.now());
    int count = -1;
    try {
      count = next.read(target, offset, length);
    } catch (IOException e) {
      LOG.debugf("the last lines of a log: %s", e.getMessage());
    }
    candidate = null;
    if (count < 0 || next.hasNothing()) {
      opened.close();
      log.stayPatient();
      waitingSince = System.nanoTime();
      return log.read(target, offset, length);
    }
    var before = Objects.requireNonNull(watch);
    log = next;
    watch = opened;
    skipped = true;
    before.close();
    if (closed) {
      opened.close();
    }
    return count;
  }

  /**
   * The stream has ended: a followed one with an error or with the container, another with the file
   * that the node reads out.
   *
   * @throws IOException with an error
   */
  private void ended() throws IOException {
    var followed = watch;
    if (closed) {
      return;
    }
    if (followed == null) {
      settled = over;
      return;
    }
    try {
      var failure = followed.onClose().toCompletableFuture().get(1, TimeUnit.SECONDS);
      if (failure != null) {
        throw new IOException("the stream broke", failure);
      }
      settled = log.isFresh();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IOException("the stream broke", e.getCause());
    } catch (TimeoutException e) {
      LOG.debug("a followed log ended without a word");
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    closeQuietly(candidate);
    closeQuietly(watch);
    log.close();
  }

  private static void closeQuietly(@Nullable LogWatch followed) {
    if (followed != null) {
      followed.close();
    }
  }

  private void guard() {
    if (watch == null || guarded || log.streamed() < TimestampedLog.MUCH) {
      return;
    }
    guarded = true;
    Thread.ofVirtual().name("silence of a log").start(this::endWhenSilent);
  }

  private void endWhenSilent() {
    try {
      while (!closed) {
        Thread.sleep(BETWEEN_LOOKS);
        if (waits && System.nanoTime() - waitingSince > SILENCE.toNanos()) {
          var tried = candidate;
          if (tried != null) {
            tried.close();
            continue;
          }
          silent = true;
          closeQuietly(watch);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
