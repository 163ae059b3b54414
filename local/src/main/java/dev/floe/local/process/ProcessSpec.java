package dev.floe.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to run, and within which limits.
 *
 * @param mode whether it runs once or is started again whenever it ends
 * @param command the program and its arguments; never a secret, everybody on the machine can read
 *     them
 * @param environment its whole environment; nothing is inherited
 * @param workdir the folder it runs in
 * @param timeout after how long it is ended, {@code null} for never
 * @param grace how long it may take to end by itself after the stop signal
 * @param stopSignal name of the signal that asks it to end, without SIG
 * @param memoryBytes most memory of all its processes together, {@code null} for no limit
 * @param logMaxBytes most bytes of output that are kept; a service keeps this much twice
 * @param restart how a service is started again
 */
public record ProcessSpec(
    Mode mode,
    List<String> command,
    Map<String, String> environment,
    Path workdir,
    @Nullable Duration timeout,
    Duration grace,
    String stopSignal,
    @Nullable Long memoryBytes,
    long logMaxBytes,
    Restart restart) {

  /** Whether a process runs once or for ever. */
  public enum Mode {
    ONCE,
    SERVICE
  }

  /**
   * Pauses between a service's end and its next start: doubled each time, up to a limit.
   *
   * @param initial first pause
   * @param max longest pause
   * @param reset after running this long the pause is the first one again
   */
  public record Restart(Duration initial, Duration max, Duration reset) {}

  private static final Restart USUAL =
      new Restart(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long LOG_BYTES = 64L << 20;

  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("an empty command");
    }
  }

  /** Runs to its end, once. */
  public static ProcessSpec once(
      List<String> command, Map<String, String> environment, Path workdir) {
    return of(Mode.ONCE, command, environment, workdir);
  }

  /** Is started again whenever it ends, until it is stopped. */
  public static ProcessSpec service(
      List<String> command, Map<String, String> environment, Path workdir) {
    return of(Mode.SERVICE, command, environment, workdir);
  }

  private static ProcessSpec of(
      Mode mode, List<String> command, Map<String, String> environment, Path workdir) {
    return new ProcessSpec(
        mode, command, environment, workdir, null, GRACE, "TERM", null, LOG_BYTES, USUAL);
  }

  /** The same with a limit on its time, {@code null} for none. */
  public ProcessSpec withTimeout(@Nullable Duration limit) {
    return new ProcessSpec(
        mode,
        command,
        environment,
        workdir,
        limit,
        grace,
        stopSignal,
        memoryBytes,
        logMaxBytes,
        restart);
  }

  /** The same with another way to ask it to end. */
  public ProcessSpec withStop(String signal, Duration within) {
    return new ProcessSpec(
        mode,
        command,
        environment,
        workdir,
        timeout,
        within,
        signal,
        memoryBytes,
        logMaxBytes,
        restart);
  }

  /** The same with a limit on its memory, {@code null} for none. */
  public ProcessSpec withMemory(@Nullable Long bytes) {
    return new ProcessSpec(
        mode,
        command,
        environment,
        workdir,
        timeout,
        grace,
        stopSignal,
        bytes,
        logMaxBytes,
        restart);
  }

  /** The same with another log. */
  public ProcessSpec withLog(long maxBytes) {
    return new ProcessSpec(
        mode,
        command,
        environment,
        workdir,
        timeout,
        grace,
        stopSignal,
        memoryBytes,
        maxBytes,
        restart);
  }

  /** The same with other pauses between its starts. */
  public ProcessSpec withRestart(Restart pauses) {
    return new ProcessSpec(
        mode,
        command,
        environment,
        workdir,
        timeout,
        grace,
        stopSignal,
        memoryBytes,
        logMaxBytes,
        pauses);
  }
}
