package dev.floe.cli;

/** What the command tells the shell. */
public enum ExitCode {
  DONE(0),
  /** The thing asked for failed: a run, a release. */
  FAILED(1),
  /** Wrong usage or input. */
  USAGE(2),
  /** A service is not reachable, or does not let us in. */
  UNREACHABLE(3),
  NOT_FOUND(4),
  CONFLICT(5),
  /** Timed out waiting. */
  TIMEOUT(124),
  /** Interrupted by the user. */
  INTERRUPTED(130),
  /** Whoever read the output has gone; what SIGPIPE would end a process with. */
  READER_GONE(141);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
