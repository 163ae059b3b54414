package dev.floe.launcher.verdict;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Obstacle;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says how an attempt ended, from what its runtime recorded. Pure. */
public final class VerdictClassifier {
  /**
   * Registries and networks fail for moments; an image that is still not there then is not there.
   */
  static final Duration PULL_GRACE = Duration.ofSeconds(60);

  /**
   * How a check says that it ran and that the data violates a rule: {@code EX_DATAERR} of {@code
   * sysexits.h}. Exit code 1 is no such statement, because an uncaught exception, a failed import
   * and a lost connection end with it too.
   */
  static final int DATA_VIOLATION = 65;

  private static final int SIGNAL = 128;
  private static final int KILL = 9;

  private VerdictClassifier() {}

  /**
   * The verdict of an attempt that has ended by itself.
   *
   * @param kind what it did: a check reports a violated rule with {@link #DATA_VIOLATION}
   * @param ending as the runtime recorded it
   * @param timeout the attempt's own, for the words
   */
  public static Verdict ended(RunKind kind, Ending ending, Duration timeout) {
    return switch (ending.cause()) {
      case EXITED -> exited(kind, ending);
      case OOM_KILLED ->
          verdict(VerdictReason.OOM_KILLED, "Killed for using more memory than its limit", ending);
      case DEADLINE ->
          verdict(
              VerdictReason.DEADLINE_EXCEEDED,
              "Still running after " + DurationText.of(timeout),
              ending);
      case STOPPED -> verdict(VerdictReason.POD_DELETED, "Stopped from outside", ending);
      case START_ERROR ->
          verdict(VerdictReason.START_ERROR, "Its command can't be started", ending);
      case EVICTED -> verdict(VerdictReason.EVICTED, "Evicted from its node", ending);
      case PREEMPTED ->
          verdict(VerdictReason.PREEMPTED, "Made room for something of higher priority", ending);
      case NODE_LOST -> verdict(VerdictReason.NODE_LOST, "Its node was lost", ending);
      case NODE_SHUTDOWN -> verdict(VerdictReason.NODE_SHUTDOWN, "Its node was shut down", ending);
      case POD_DELETED -> verdict(VerdictReason.POD_DELETED, "It was removed while it ran", ending);
      case JOB_DELETED -> verdict(VerdictReason.JOB_DELETED, "Its Job was removed", ending);
    };
  }

  /**
   * A verdict as soon as an obstacle is final; empty while it may go away by itself.
   *
   * @param waited since the attempt was released
   */
  public static Optional<Verdict> blocked(Obstacle obstacle, Duration waited) {
    return switch (obstacle.kind()) {
      case QUOTA, DISK_FULL, UNSCHEDULABLE, VOLUME, OTHER -> Optional.empty();
      case IMAGE_PULL ->
          waited.compareTo(PULL_GRACE) < 0 ? Optional.empty() : Optional.of(verdict(obstacle));
      case INVALID_IMAGE_NAME, CONTAINER_CONFIG, START_ERROR, ADMISSION_DENIED ->
          Optional.of(verdict(obstacle));
    };
  }

  /**
   * The verdict where nothing ran within the launch timeout.
   *
   * @param obstacle the last one known
   * @param waited since the attempt was released
   */
  public static Verdict launchTimedOut(@Nullable Obstacle obstacle, Duration waited) {
    if (obstacle == null) {
      return Verdict.of(
          VerdictReason.LAUNCH_TIMEOUT,
          "Nothing ran within " + DurationText.of(waited) + ", nobody says why");
    }
    return switch (obstacle.kind()) {
      case OTHER, QUOTA, DISK_FULL ->
          Verdict.of(
              VerdictReason.LAUNCH_TIMEOUT,
              "Nothing ran within " + DurationText.of(waited) + ": " + obstacle.message());
      default -> verdict(obstacle);
    };
  }

  /** The verdict where the runtime refused to create the attempt; empty: try again later. */
  public static Optional<Verdict> refused(Obstacle obstacle) {
    return switch (obstacle.kind()) {
      case QUOTA, DISK_FULL -> Optional.empty();
      default -> Optional.of(verdict(obstacle));
    };
  }

  private static Verdict exited(RunKind kind, Ending ending) {
    var code = ending.exitCode();
    var signal = ending.signal();
    if (signal != null) {
      return Verdict.of(
          VerdictReason.EXIT_CODE, "Killed by signal " + Signals.name(signal) + hint(signal), code);
    }
    if (code == null) {
      return verdict(VerdictReason.EXIT_CODE, "Ended without an exit code", ending);
    }
    if (code == 0) {
      return Verdict.of(VerdictReason.COMPLETED, "Exited with code 0", code);
    }
    var checks = kind == RunKind.QUALITY_CHECK || kind == RunKind.DBT_TEST;
    if (checks && code == DATA_VIOLATION) {
      return Verdict.of(
          VerdictReason.QUALITY_GATE_FAILED,
          "The quality check failed: the data violates a rule (exit code %d)".formatted(code),
          code);
    }
    return Verdict.of(VerdictReason.EXIT_CODE, words(code, checks), code);
  }

  private static String words(int code, boolean checks) {
    int signal = code - SIGNAL;
    if (Signals.exists(signal)) {
      return "Exited with code %d, which stands for signal %s%s"
          .formatted(code, Signals.name(signal), hint(signal));
    }
    var exited = "Exited with code " + code;
    return checks
        ? exited
            + "; the check gave no result: only exit code %d says that the data violates a rule"
                .formatted(DATA_VIOLATION)
        : exited;
  }

  private static String hint(int signal) {
    return signal == KILL ? ", as when a memory limit is exceeded" : "";
  }

  private static Verdict verdict(VerdictReason reason, String sentence, Ending ending) {
    var message = ending.message();
    var more = message == null || message.isBlank() ? "" : ": " + message.strip();
    return Verdict.of(reason, sentence + more, ending.exitCode());
  }

  private static Verdict verdict(Obstacle obstacle) {
    var reason =
        switch (obstacle.kind()) {
          case IMAGE_PULL -> VerdictReason.IMAGE_PULL_FAILED;
          case INVALID_IMAGE_NAME -> VerdictReason.INVALID_IMAGE_NAME;
          case CONTAINER_CONFIG -> VerdictReason.CREATE_CONTAINER_CONFIG_ERROR;
          case START_ERROR -> VerdictReason.START_ERROR;
          case UNSCHEDULABLE -> VerdictReason.UNSCHEDULABLE;
          case ADMISSION_DENIED -> VerdictReason.ADMISSION_DENIED;
          case VOLUME -> VerdictReason.VOLUME_UNAVAILABLE;
          case QUOTA, DISK_FULL, OTHER -> VerdictReason.LAUNCH_TIMEOUT;
        };
    var message = obstacle.message().isBlank() ? obstacle.reason() : obstacle.message();
    return Verdict.of(reason, message);
  }
}
