package dev.floe.launcher.log;

import dev.floe.launcher.database.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Stores an attempt's log piece by piece, for a caller on a virtual thread. Of a log that is too
 * long the first part is stored as it comes; the last part is held in memory and stored when the
 * log has ended. Whoever takes over reads on from the end of the first part.
 */
public final class LogWriter {
  /** Says that the attempt has ended or is in other hands: the log is not this writer's. */
  public static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Where the next piece goes. */
  record Position(String runId, int attempt, long epoch, long offset) {}

  private final Transactions transactions;
  private final LogStore store;
  private final long first;
  private final int last;
  private Position position;
  private @Nullable LogTail tail;
  private boolean truncated;
  private boolean unsure;

  private LogWriter(
      Transactions transactions,
      LogStore store,
      LogConfig config,
      Position position,
      boolean truncated) {
    this.transactions = transactions;
    this.store = store;
    long most = config.maxBytes().asLongValue();
    this.last = (int) Math.max(1, Math.min(config.tailBytes().asLongValue(), most / 2));
    this.first = most - last;
    this.position = position;
    this.truncated = truncated;
  }

  /** Goes on where the stored log ends. */
  static LogWriter open(
      Transactions transactions,
      LogStore store,
      LogConfig config,
      String runId,
      int attempt,
      long epoch) {
    var state =
        transactions.call(() -> store.state(runId, attempt)).orElseThrow(LostException::new);
    return new LogWriter(
        transactions,
        store,
        config,
        new Position(runId, attempt, epoch, state.bytes()),
        state.truncated());
  }

  /** Bytes taken so far: where reading goes on. */
  long offset() {
    return position.offset() + (tail == null ? 0 : tail.total());
  }

  /** Whether the end of a log that is too long was stored; nothing more is taken then. */
  boolean full() {
    return truncated;
  }

  /** Whether it is not known if the last piece was stored: another writer is to go on. */
  boolean unsure() {
    return unsure;
  }

  /** Takes bytes at the end. */
  void write(byte[] buffer, int length) {
    if (truncated) {
      return;
    }
    int now = Math.clamp(first - position.offset(), 0, length);
    if (now > 0) {
      append(buffer, now, false);
    }
    if (now < length) {
      if (tail == null) {
        tail = new LogTail(last);
      }
      tail.add(buffer, now, length);
    }
  }

  /** The log has ended: stores what is not stored yet. */
  void finish() {
    var rest = tail;
    if (rest != null) {
      var bytes = rest.bytes();
      append(bytes, bytes.length, rest.overflown());
      tail = null;
    }
  }

  private void append(byte[] bytes, int length, boolean cut) {
    var deflated = Deflated.of(bytes, length);
    var at = position;
    unsure = true;
    if (!transactions.call(() -> store.append(at, deflated, length, cut))) {
      throw new LostException();
    }
    unsure = false;
    truncated = cut;
    position = new Position(at.runId(), at.attempt(), at.epoch(), at.offset() + length);
  }
}
