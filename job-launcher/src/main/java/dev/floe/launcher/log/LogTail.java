package dev.floe.launcher.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The last bytes of what came after the stored part of a log; what came before them is counted. */
final class LogTail {
  private final byte[] ring;
  private long total;

  /**
   * @param most bytes that are kept
   */
  LogTail(int most) {
    ring = new byte[most];
  }

  /** Bytes that came so far. */
  long total() {
    return total;
  }

  void add(byte[] buffer, int from, int to) {
    int skipped = Math.max(0, to - from - ring.length);
    total += skipped;
    int at = from + skipped;
    while (at < to) {
      int place = (int) (total % ring.length);
      int count = Math.min(to - at, ring.length - place);
      System.arraycopy(buffer, at, ring, place, count);
      at += count;
      total += count;
    }
  }

  /** Whether something that came is not kept any more. */
  boolean overflown() {
    return total > ring.length;
  }

  /**
   * What is stored after the first part: all that came, or, where it was too much, a line that says
   * how many bytes are left out, and whole lines after it where there are any.
   */
  byte[] bytes() {
    if (!overflown()) {
      return Arrays.copyOf(ring, (int) total);
    }
    int oldest = (int) (total % ring.length);
    var kept = new byte[ring.length];
    System.arraycopy(ring, oldest, kept, 0, ring.length - oldest);
    System.arraycopy(ring, 0, kept, ring.length - oldest, oldest);
    int cut = lineStart(kept);
    var mark =
        "\n[floe: %d bytes are left out here]\n"
            .formatted(total - ring.length + cut)
            .getBytes(StandardCharsets.UTF_8);
    var bytes = Arrays.copyOf(mark, mark.length + kept.length - cut);
    System.arraycopy(kept, cut, bytes, mark.length, kept.length - cut);
    return bytes;
  }

  private static int lineStart(byte[] bytes) {
    for (int i = 0; i < bytes.length - 1; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }
}
