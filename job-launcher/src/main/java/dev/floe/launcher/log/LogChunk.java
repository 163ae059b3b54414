package dev.floe.launcher.log;

import java.util.Arrays;

/** A piece of a log. */
final class LogChunk {
  private final long firstByte;
  private final byte[] bytes;

  LogChunk(long firstByte, byte[] bytes) {
    this.firstByte = firstByte;
    this.bytes = bytes;
  }

  long firstByte() {
    return firstByte;
  }

  byte[] bytes() {
    return bytes;
  }

  long end() {
    return firstByte + bytes.length;
  }

  /** What of it begins at or after a byte. */
  byte[] from(long offset) {
    return offset <= firstByte
        ? bytes
        : Arrays.copyOfRange(bytes, (int) (offset - firstByte), bytes.length);
  }
}
