package dev.floe.launcher.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.LogPosition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stores an attempt's log piece by piece, for a caller on a virtual thread. Of a log that is too
 * long the first part is stored as it comes; the last part is held in memory and stored when the
 * log has ended. Whoever takes over reads on from the end of the first part.
 *
 * <p>A piece that the database does not take is kept and stored again until it is taken or {@link
 * Retry} gives up; a try whose answer was lost is recognized and not stored twice.
 */
public final class LogWriter {
  /**
   * Says that the attempt has ended or belongs to another replica: the log is not this writer's.
   */
  public static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Decides whether a piece that the database did not take is stored again. */
  @FunctionalInterface
  interface Retry {
    /**
     * Waits before the next try.
     *
     * @throws RuntimeException there is to be no other try
     */
    void after(RuntimeException failure);
  }

  /** Where the next piece goes. */
  record Position(String runId, int attempt, long epoch, long offset) {}

  private final Transactions transactions;
  private final LogStore store;
  private final Retry retry;
  private final long first;
  private final int last;
  private Position position;
  private LogPosition next;
  private LogPosition stored;
  private @Nullable LogTail tail;
  private @Nullable String missing;
  private boolean truncated;
  private boolean closed;
  private boolean lineBegun;
  private long taken;
  private long lines;

  private LogWriter(
      Transactions transactions,
      LogStore store,
      LogConfig config,
      Retry retry,
      Position position,
      LogStore.LogState state) {
    this.transactions = transactions;
    this.store = store;
    this.retry = retry;
    long most = config.maxBytes().asLongValue();
    this.last = (int) Math.max(1, Math.min(config.tailBytes().asLongValue(), most / 2));
    this.first = most - last;
    this.position = position;
    this.stored = state.next();
    this.next = stored;
    this.truncated = state.truncated();
    this.closed = state.closed();
    // How the stored part ends is not read: a mark after it begins a line of its own.
    this.lineBegun = state.bytes() > 0;
  }

  /** Continues where the stored log ends. */
  static LogWriter open(
      Transactions transactions,
      LogStore store,
      LogConfig config,
      Retry retry,
      String runId,
      int attempt,
      long epoch) {
    var state =
        transactions.call(() -> store.state(runId, attempt)).orElseThrow(LostException::new);
    var position = new Position(runId, attempt, epoch, state.bytes());
    return new LogWriter(transactions, store, config, retry, position, state);
  }

  /** Where reading continues: after all that was taken, stored or not. */
  LogPosition next() {
    return next;
  }

  /** Whether the end was stored; nothing more is taken then. */
  boolean full() {
    return closed;
  }

  /** Bytes that were taken. */
  long taken() {
    return taken;
  }

  /** About how many lines the last part holds. */
  int linesOfLastPart() {
    long length = Math.max(1, taken / Math.max(1, lines));
    return Math.clamp(last / length, 200, 50_000);
  }

  /**
   * Takes bytes at the end.
   *
   * @param after the place after them
   */
  void write(byte[] buffer, int length, LogPosition after) {
    if (closed) {
      return;
    }
    count(buffer, length);
    int now = tail == null ? Math.clamp(first - position.offset(), 0, length) : 0;
    if (now > 0) {
      append(buffer, now, now == length ? after : next.plus(now), false);
    }
    if (now < length) {
      hold(buffer, now, length);
    }
    next = after;
  }

  /**
   * A part of the log can't be had: says so where it is missing.
   *
   * @param after the place after the part
   */
  void missing(String what, LogPosition after) {
    if (closed) {
      return;
    }
    truncated = true;
    missing = missing == null ? what : missing;
    var mark = mark(what);
    if (tail == null && position.offset() < first) {
      append(mark, mark.length, after, false);
    } else {
      hold(mark, 0, mark.length);
    }
    next = after;
  }

  /**
   * The log has ended: stores what is not stored yet.
   *
   * @param end says what of the end is missing; null: nothing
   */
  void finish(@Nullable String end) {
    if (closed) {
      return;
    }
    var rest = tail;
    var bytes = rest == null ? new byte[0] : rest.bytes();
    if (end != null) {
      var mark = mark(end);
      int length = bytes.length;
      bytes = Arrays.copyOf(bytes, length + mark.length);
      System.arraycopy(mark, 0, bytes, length, mark.length);
      missing = missing == null ? end : missing;
    }
    truncated |= end != null || (rest != null && rest.overflown());
    if (bytes.length > 0) {
      append(bytes, bytes.length, stored, true);
      tail = null;
    }
  }

  /** A line of its own. */
  private byte[] mark(String what) {
    var mark = "%s[floe: %s]\n".formatted(lineBegun ? "\n" : "", what).getBytes(UTF_8);
    lineBegun = false;
    return mark;
  }

  private void count(byte[] buffer, int length) {
    taken += length;
    lineBegun = length == 0 ? lineBegun : buffer[length - 1] != '\n';
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        lines++;
      }
    }
  }

  private void hold(byte[] buffer, int from, int to) {
    if (tail == null) {
      tail = new LogTail(last);
    }
    tail.add(buffer, from, to);
  }

  private void append(byte[] bytes, int length, LogPosition after, boolean close) {
    var deflated = Deflated.of(bytes, length);
    var state =
        new LogStore.LogState(position.offset() + length, truncated, false, after, close, missing);
    boolean again = false;
    while (!tryAppend(deflated, length, state, again)) {
      again = true;
    }
    position =
        new Position(
            position.runId(), position.attempt(), position.epoch(), position.offset() + length);
    stored = after;
    closed = close;
  }

  private boolean tryAppend(byte[] deflated, int length, LogStore.LogState state, boolean again) {
    var at = position;
    try {
      if (transactions.call(() -> store.append(at, deflated, length, state))
          || (again && isStored(state))) {
        return true;
      }
    } catch (RuntimeException e) {
      retry.after(e);
      return false;
    }
    throw new LostException();
  }

  /** Whether an earlier try was stored whose answer was lost. */
  private boolean isStored(LogStore.LogState state) {
    return transactions
        .call(() -> store.state(position.runId(), position.attempt()))
        .filter(found -> found.bytes() == state.bytes() && found.closed() == state.closed())
        .isPresent();
  }
}
