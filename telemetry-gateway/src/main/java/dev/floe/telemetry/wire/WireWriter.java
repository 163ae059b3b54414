package dev.floe.telemetry.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Protobuf bytes being written; grows as needed. */
final class WireWriter {
  private byte[] bytes;
  private int size;

  WireWriter(int capacity) {
    this.bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  WireWriter varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  WireWriter tag(int field, int wireType) {
    return varint((long) field << 3 | wireType);
  }

  /** Writes the tag of a length-delimited field and its length; the payload follows. */
  WireWriter header(int field, int length) {
    return tag(field, WireType.LENGTH).varint(length);
  }

  WireWriter text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter bytes(int field, byte[] value) {
    return header(field, value.length).raw(value, 0, value.length);
  }

  WireWriter raw(byte[] from, int offset, int length) {
    reserve(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
    return this;
  }

  WireWriter append(WireWriter other) {
    return raw(other.bytes, 0, other.size);
  }

  /** Forgets what was written and keeps the memory. */
  void clear() {
    size = 0;
  }

  byte[] toByteArray() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
  }
}
