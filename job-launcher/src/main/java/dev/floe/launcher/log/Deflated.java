package dev.floe.launcher.log;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes in zlib format (RFC 1950). */
final class Deflated {
  private Deflated() {}

  static byte[] of(byte[] bytes, int length) {
    try (var deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(bytes, 0, length);
      deflater.finish();
      var out = new ByteArrayOutputStream(length / 4 + 64);
      var buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  static byte[] inflate(byte[] deflated, int length) {
    try (var inflater = new Inflater()) {
      inflater.setInput(deflated);
      var bytes = new byte[length];
      int at = 0;
      while (at < length && !inflater.finished()) {
        int more = inflater.inflate(bytes, at, length - at);
        if (more == 0 && inflater.needsInput()) {
          break;
        }
        at += more;
      }
      if (at != length) {
        throw new IllegalStateException("a piece of a log is shorter than it says");
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new IllegalStateException("a piece of a log is damaged", e);
    }
  }
}
