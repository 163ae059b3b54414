package dev.floe.telemetry.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A place in protobuf bytes that moves forward and never past an end it was given. */
final class WireCursor {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080808080808080L;

  final byte[] bytes;
  int position;

  WireCursor(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  /**
   * Reads a field's tag.
   *
   * @return field number &lt;&lt; 3 | wire type
   */
  int tag(int end) {
    int start = position;
    if (start < end && bytes[start] >= 8) {
      position = start + 1;
      return bytes[start];
    }
    long tag = varint(end);
    if (tag >>> 32 != 0 || tag >>> 3 == 0) {
      throw malformed("impossible field number", start);
    }
    return (int) tag;
  }

  /** Reads a varint of up to 64 bits. */
  long varint(int end) {
    int start = position;
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw malformed("number cut off", start);
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        if (shift == 63 && next > 1) {
          throw malformed("number of more than 64 bits", start);
        }
        return value;
      }
    }
    throw malformed("number of more than 64 bits", start);
  }

  /**
   * Reads the length of what follows.
   *
   * @return where it ends, at most {@code end}
   */
  int lengthEnd(int end) {
    int start = position;
    long length;
    if (start < end && bytes[start] >= 0) {
      length = bytes[start];
      position = start + 1;
    } else {
      length = varint(end);
    }
    if (length < 0 || length > end - position) {
      throw malformed(
          "length "
              + Long.toUnsignedString(length)
              + " where "
              + (end - position)
              + " bytes are left",
          start);
    }
    return position + (int) length;
  }

  /** Moves over {@code count} bytes. */
  void advance(int count, int end) {
    if (end - position < count) {
      throw malformed("value cut off", position);
    }
    position += count;
  }

  /** Moves over the value of a field that nobody here knows. */
  void skip(int tag, int end) {
    switch (tag & 7) {
      case WireType.VARINT -> varint(end);
      case WireType.FIXED64 -> advance(8, end);
      case WireType.LENGTH -> position = lengthEnd(end);
      case WireType.FIXED32 -> advance(4, end);
      default -> throw malformed("wire type " + (tag & 7) + " of field " + (tag >>> 3), position);
    }
  }

  /**
   * Moves to {@code end} if what lies before it is text in UTF-8 as the Unicode standard defines
   * it.
   */
  void text(int end) {
    int at = position;
    while (at + 8 <= end && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
      at += 8;
    }
    while (at < end) {
      int lead = bytes[at];
      if (lead >= 0) {
        at++;
        continue;
      }
      int length = sequenceLength(lead, at + 1 < end ? bytes[at + 1] : 0);
      if (length == 0 || length > end - at || !continued(at + 2, at + length)) {
        throw malformed("text that is not UTF-8", at);
      }
      at += length;
    }
    position = end;
  }

  /**
   * @return how many bytes the sequence takes that begins with these two, 0 where no such sequence
   *     exists (table 3-7 of the Unicode standard)
   */
  private static int sequenceLength(int first, int second) {
    int lead = first & 0xff;
    int next = second & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return next >= 0x80 && next <= 0xbf ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      int low = lead == 0xe0 ? 0xa0 : 0x80;
      int high = lead == 0xed ? 0x9f : 0xbf;
      return next >= low && next <= high ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      int low = lead == 0xf0 ? 0x90 : 0x80;
      int high = lead == 0xf4 ? 0x8f : 0xbf;
      return next >= low && next <= high ? 4 : 0;
    }
    return 0;
  }

  private boolean continued(int from, int to) {
    for (int at = from; at < to; at++) {
      if ((bytes[at] & 0xc0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  MalformedTelemetryException malformed(String what, int offset) {
    return new MalformedTelemetryException(what, offset);
  }
}
