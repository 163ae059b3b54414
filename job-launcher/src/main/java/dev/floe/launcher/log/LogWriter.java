package dev.floe.launcher.log;

import dev.floe.launcher.database.Transactions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Stores an attempt's log piece by piece, for a caller on a virtual thread. */
public final class LogWriter {
  /** Says that the attempt has ended or is in other hands: the log is not this writer's. */
  public static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Where the next piece goes. */
  record Position(String runId, int attempt, long epoch, long offset) {}

  private final Transactions transactions;
  private final LogStore store;
  private final long maxBytes;
  private Position position;
  private boolean truncated;

  private LogWriter(
      Transactions transactions,
      LogStore store,
      long maxBytes,
      Position position,
      boolean truncated) {
    this.transactions = transactions;
    this.store = store;
    this.maxBytes = maxBytes;
    this.position = position;
    this.truncated = truncated;
  }

  /** Goes on where the stored log ends. */
  static LogWriter open(
      Transactions transactions,
      LogStore store,
      long maxBytes,
      String runId,
      int attempt,
      long epoch) {
    var state =
        transactions.call(() -> store.state(runId, attempt)).orElseThrow(LostException::new);
    return new LogWriter(
        transactions,
        store,
        maxBytes,
        new Position(runId, attempt, epoch, state.bytes()),
        state.truncated());
  }

  /** Bytes stored so far: where reading goes on. */
  long offset() {
    return position.offset();
  }

  /** Whether the cap was reached; nothing more is taken then. */
  boolean full() {
    return truncated;
  }

  /** Stores bytes at the end, up to the cap. */
  void write(byte[] buffer, int length) {
    if (truncated) {
      return;
    }
    long room = maxBytes - position.offset();
    byte[] bytes = buffer;
    int count = length;
    if (length > room) {
      var mark =
          "\n[floe: the log is longer than %d bytes; the rest is left out]\n"
              .formatted(maxBytes)
              .getBytes(StandardCharsets.UTF_8);
      count = (int) Math.max(0, room);
      bytes = Arrays.copyOf(buffer, count + mark.length);
      System.arraycopy(mark, 0, bytes, count, mark.length);
      count = bytes.length;
      truncated = true;
    }
    var deflated = Deflated.of(bytes, count);
    var at = position;
    int stored = count;
    boolean last = truncated;
    if (!transactions.call(() -> store.append(at, deflated, stored, last))) {
      throw new LostException();
    }
    position = new Position(at.runId(), at.attempt(), at.epoch(), at.offset() + stored);
  }
}
