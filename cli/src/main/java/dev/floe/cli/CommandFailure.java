package dev.floe.cli;

import java.util.List;

/** A command can't do what it was asked to: the cause, and the next command to type. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final transient List<String> details;
  private final transient List<String> next;

  /**
   * @param message what is wrong, in one sentence
   * @param details further lines, shown as they are
   * @param next what to do; commands to type or one sentence each
   */
  public CommandFailure(
      ExitCode exitCode, String message, List<String> details, List<String> next) {
    super(message);
    this.exitCode = exitCode;
    this.details = List.copyOf(details);
    this.next = List.copyOf(next);
  }

  public CommandFailure(ExitCode exitCode, String message, String... next) {
    this(exitCode, message, List.of(), List.of(next));
  }

  /** The same failure, with what was met underneath; shown with {@code -v}. */
  public CommandFailure because(Throwable cause) {
    initCause(cause);
    return this;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public List<String> details() {
    return details;
  }

  public List<String> next() {
    return next;
  }
}
