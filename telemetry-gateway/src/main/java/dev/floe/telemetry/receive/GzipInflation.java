package dev.floe.telemetry.receive;

import dev.floe.telemetry.receive.RequestBody.Segment;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses gzip (RFC 1952) into one array, bounded in size, memory, members and time.
 *
 * <p>{@link java.util.zip.GZIPInputStream} is not used: it descends once per empty member, so that
 * a body of empty members ends in a {@link StackOverflowError}.
 */
final class GzipInflation {
  /** Bytes inflated between two looks at the clock. */
  private static final int STEP = 64 * 1024;

  /** Members of one body; senders write one. */
  private static final int MAX_MEMBERS = 64;

  private static final int FIRST = 4 * 1024;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** Deflate makes at most 1032 bytes of one. */
  private static final long RATIO = 1032;

  /** What came of it. */
  sealed interface Outcome {}

  /**
   * All of it.
   *
   * @param bytes exactly what was compressed, counted in the reservation
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost what this saves
  record Inflated(byte[] bytes) implements Outcome {}

  /** Not gzip. */
  record Malformed(String what) implements Outcome {}

  /** More than the limit. */
  record TooLarge() implements Outcome {}

  /** Longer than it may take. */
  record Overdue() implements Outcome {}

  /** More than the reservation gives. */
  record NoRoom() implements Outcome {}

  /** Ends the work with an outcome. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    Stop(Outcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }
  }

  private final Iterator<Segment> segments;
  private final int limit;
  private final int hint;
  private final Reservation reservation;
  private final BooleanSupplier overdue;
  private final CRC32 crc = new CRC32();
  private byte[] in = new byte[0];
  private int position;
  private int end;
  private byte[] out = new byte[0];
  private int size;

  /**
   * @param packed what is to be decompressed
   * @param skip bytes to leave out at the front
   * @param length bytes after these
   * @param limit most bytes that are made of them
   */
  GzipInflation(
      Collection<Segment> packed,
      int skip,
      int length,
      int limit,
      Reservation reservation,
      BooleanSupplier overdue) {
    this.segments = packed.iterator();
    this.limit = limit;
    this.hint = (int) Math.min(announced(packed, length), limit);
    this.reservation = reservation;
    this.overdue = overdue;
    int left = skip;
    while (left > 0 && hasMore()) {
      int count = Math.min(left, end - position);
      position += count;
      left -= count;
    }
  }

  /** Does it; once. */
  Outcome run() {
    var inflater = new Inflater(true);
    try {
      int members = 0;
      do {
        if (++members > MAX_MEMBERS) {
          throw malformed("more than " + MAX_MEMBERS + " members");
        }
        member(inflater);
      } while (hasMore());
      return new Inflated(trimmed());
    } catch (Stop stop) {
      reservation.give(out.length);
      return stop.outcome;
    } catch (DataFormatException e) {
      reservation.give(out.length);
      return new Malformed(e.getMessage() == null ? "invalid data" : e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private void member(Inflater inflater) throws Stop, DataFormatException {
    header();
    inflater.reset();
    crc.reset();
    int start = size;
    while (!inflater.finished()) {
      if (overdue.getAsBoolean()) {
        throw new Stop(new Overdue());
      }
      if (inflater.needsInput()) {
        if (!hasMore()) {
          throw malformed("cut off");
        }
        inflater.setInput(in, position, end - position);
        position = end;
      }
      if (inflater.needsDictionary()) {
        throw malformed("a dictionary is needed");
      }
      inflate(inflater);
    }
    position = end - inflater.getRemaining();
    if (number() != crc.getValue()) {
      throw malformed("wrong checksum");
    }
    if (number() != (size - start)) {
      throw malformed("wrong length");
    }
  }

  private void inflate(Inflater inflater) throws Stop, DataFormatException {
    if (size == out.length) {
      if (size == limit) {
        // Full: what is left may only be the end of the stream.
        if (inflater.inflate(new byte[1], 0, 1) > 0) {
          throw new Stop(new TooLarge());
        }
        return;
      }
      grow();
    }
    int count = inflater.inflate(out, size, Math.min(STEP, out.length - size));
    crc.update(out, size, count);
    size += count;
  }

  private void grow() throws Stop {
    int first = Math.max(hint, Math.min(FIRST, limit));
    int capacity = out.length == 0 ? first : (int) Math.min(limit, out.length * 2L);
    // The old array is counted until it is copied: both are there for a moment.
    resize(capacity);
  }

  private byte[] trimmed() throws Stop {
    if (out.length != size) {
      resize(size);
    }
    return out;
  }

  private void resize(int capacity) throws Stop {
    if (!reservation.take(capacity)) {
      throw new Stop(new NoRoom());
    }
    int before = out.length;
    out = Arrays.copyOf(out, capacity);
    reservation.give(before);
  }

  private void header() throws Stop {
    if (next() != 0x1f || next() != 0x8b) {
      throw malformed("no gzip header");
    }
    if (next() != 8) {
      throw malformed("unknown compression method");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw malformed("reserved flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skip(int count) throws Stop {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws Stop {
    while (next() != 0) {
      // Nobody asks for it.
    }
  }

  private long number() throws Stop {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws Stop {
    if (!hasMore()) {
      throw malformed("cut off");
    }
    return in[position++] & 0xff;
  }

  private boolean hasMore() {
    while (position == end) {
      if (!segments.hasNext()) {
        return false;
      }
      use(segments.next());
    }
    return true;
  }

  private void use(Segment segment) {
    in = segment.bytes;
    position = 0;
    end = segment.used;
  }

  /**
   * What the last four bytes say that the body becomes; 0 where that is impossible. True of bodies
   * of one member.
   *
   * @param length bytes of the body
   */
  static long announced(Collection<Segment> packed, int length) {
    @Nullable Segment last = null;
    for (var segment : packed) {
      last = segment;
    }
    if (last == null || last.used < 4) {
      return 0;
    }
    long said = 0;
    for (int i = 1; i <= 4; i++) {
      said = said << 8 | (last.bytes[last.used - i] & 0xff);
    }
    return said <= length * RATIO ? said : 0;
  }

  private static Stop malformed(String what) {
    return new Stop(new Malformed(what));
  }
}
