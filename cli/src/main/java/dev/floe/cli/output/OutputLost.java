package dev.floe.cli.output;

/** Standard output takes nothing more: the disk is full, or whoever read it has gone. */
public final class OutputLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean readerGone;

  OutputLost(String message, boolean readerGone) {
    super(message);
    this.readerGone = readerGone;
  }

  /** Whether it was a pipe whose reader has ended, as {@code head} does: nobody's mistake. */
  public boolean isReaderGone() {
    return readerGone;
  }
}
