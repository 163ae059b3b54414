package dev.floe.telemetry.receive;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request: bounded, and counted against what all requests may take together.
 *
 * <p>While it arrives it lies in segments, so that a sender takes memory for what it has sent, not
 * for what it announced. Then {@link #join} or {@link #inflate} makes one array of it. One thread
 * uses it at a time: the event loop while it arrives, whoever works on the request afterwards. A
 * closed body keeps no bytes.
 */
final class RequestBody implements AutoCloseable {
  private static final int FIRST_SEGMENT = 4 * 1024;
  private static final int LARGEST_SEGMENT = 256 * 1024;

  private final Reservation reservation;
  private final int limit;
  private final Duration retryAfter;
  private ArrayDeque<Segment> segments = new ArrayDeque<>(4);
  private byte[] whole = new byte[0];
  private int size;
  private int expected;

  /** A part of the body; only the last one has room left. */
  static final class Segment {
    final byte[] bytes;
    int used;

    Segment(int capacity) {
      this.bytes = new byte[capacity];
    }
  }

  /**
   * @param limit most bytes, before and after decompression
   * @param retryAfter when a sender comes back that found too little room
   */
  RequestBody(Reservation reservation, int limit, Duration retryAfter) {
    this.reservation = reservation;
    this.limit = limit;
    this.retryAfter = retryAfter;
  }

  /**
   * Takes the next bytes.
   *
   * @return why they are not taken, null where they are
   */
  @Nullable Refusal append(Buffer part) {
    if ((long) size + part.length() > limit) {
      return Refusal.tooLarge(limit);
    }
    int from = 0;
    while (from < part.length()) {
      var last = segments.peekLast();
      if (last == null || last.used == last.bytes.length) {
        last = grow(part.length() - from);
        if (last == null) {
          return noRoom();
        }
      }
      int count = Math.min(part.length() - from, last.bytes.length - last.used);
      part.getBytes(from, from + count, last.bytes, last.used);
      last.used += count;
      from += count;
      size += count;
    }
    return null;
  }

  /**
   * @return bytes that arrived, or that {@link #bytes} has
   */
  int size() {
    return size;
  }

  /**
   * @param index below {@link #size}
   * @return a byte that arrived
   */
  byte at(int index) {
    int rest = index;
    for (var segment : segments) {
      if (rest < segment.used) {
        return segment.bytes[rest];
      }
      rest -= segment.used;
    }
    throw new IndexOutOfBoundsException(index);
  }

  /** Says how many bytes are to come, so that no more than these are provided for. */
  void expect(long total) {
    expected = Math.clamp(total, 0, limit);
  }

  /**
   * Makes one array of what arrived.
   *
   * @param skip bytes to leave out at the front, at most {@link #size}
   * @return why it cannot be, null where it can
   */
  @Nullable Refusal join(int skip) {
    var only = segments.peekFirst();
    if (only != null && skip == 0 && only.used == size && only.bytes.length == size) {
      whole = only.bytes;
      segments.clear();
      return null;
    }
    int length = size - skip;
    if (!reservation.take(length)) {
      return noRoom();
    }
    byte[] joined = new byte[length];
    int left = skip;
    int to = 0;
    for (var segment : segments) {
      int from = Math.min(left, segment.used);
      System.arraycopy(segment.bytes, from, joined, to, segment.used - from);
      to += segment.used - from;
      left -= from;
    }
    dropSegments();
    whole = joined;
    size = length;
    return null;
  }

  /**
   * Makes one array of what arrived, decompressed; at most the limit, whatever it would become.
   *
   * @param skip bytes to leave out at the front, at most {@link #size}
   * @param atMost bytes that it may become, where that is less than the limit; one that is refused
   *     for this can be inflated again
   * @param overdue true once this takes too long
   * @return why it cannot be, null where it can
   */
  @Nullable Refusal inflate(int skip, int atMost, BooleanSupplier overdue) {
    int most = Math.min(limit, atMost);
    var inflation = new GzipInflation(segments, skip, size - skip, most, reservation, overdue);
    var outcome = inflation.run();
    if (!(outcome instanceof GzipInflation.Inflated(var inflated))) {
      return switch (outcome) {
        case GzipInflation.Malformed(var what) ->
            Refusal.malformed("the body is not gzip: " + what);
        case GzipInflation.TooLarge() -> Refusal.tooLarge(most);
        case GzipInflation.Overdue() -> Refusal.overdue(retryAfter);
        case GzipInflation.NoRoom() -> noRoom();
        case GzipInflation.Inflated _ -> throw new IllegalStateException();
      };
    }
    dropSegments();
    whole = inflated;
    size = inflated.length;
    return null;
  }

  /**
   * @return what a body of gzip says it becomes, 0 where it cannot
   */
  long announced() {
    return GzipInflation.announced(segments, size);
  }

  /**
   * @return what {@link #join} or {@link #inflate} made; empty before, and once closed
   */
  byte[] bytes() {
    return whole;
  }

  Reservation reservation() {
    return reservation;
  }

  /** Gives back what was counted and keeps no bytes; does nothing the second time. */
  @Override
  public void close() {
    segments = new ArrayDeque<>(1);
    whole = new byte[0];
    reservation.close();
  }

  private @Nullable Segment grow(int more) {
    // As much again as there is, so that many small parts need few segments.
    int again = Math.clamp(size, FIRST_SEGMENT, LARGEST_SEGMENT);
    int rest = (expected > size ? expected : limit) - size;
    int capacity = Math.max(more, Math.min(again, rest));
    if (!reservation.take(capacity)) {
      return null;
    }
    var segment = new Segment(capacity);
    segments.addLast(segment);
    return segment;
  }

  private void dropSegments() {
    long dropped = 0;
    for (var segment : segments) {
      dropped += segment.bytes.length;
    }
    segments = new ArrayDeque<>(1);
    reservation.give(dropped);
  }

  private Refusal noRoom() {
    return Refusal.full("too many requests are under way", retryAfter);
  }
}
