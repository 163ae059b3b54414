package dev.floe.launcher.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A part of a log, put together from its pieces. */
final class LogBytes {
  private final long from;
  private final byte[] bytes;

  /**
   * @param chunks in order, without gaps
   * @param from first byte wanted
   * @param end byte after the last one wanted
   */
  LogBytes(List<LogChunk> chunks, long from, long end) {
    long first = chunks.isEmpty() ? from : Math.max(from, chunks.getFirst().firstByte());
    long last = chunks.isEmpty() ? from : Math.min(end, chunks.getLast().end());
    this.from = first;
    this.bytes = new byte[(int) Math.max(0, last - first)];
    for (var chunk : chunks) {
      long begin = Math.max(chunk.firstByte(), first);
      long stop = Math.min(chunk.end(), last);
      if (begin < stop) {
        System.arraycopy(
            chunk.bytes(),
            (int) (begin - chunk.firstByte()),
            bytes,
            (int) (begin - first),
            (int) (stop - begin));
      }
    }
  }

  /** The byte of the log with which this part begins. */
  long from() {
    return from;
  }

  byte[] bytes() {
    return bytes;
  }

  /**
   * The log's byte after the n-th newline from the end, if this part holds so many.
   *
   * @param newlines how many to count back, at least 1
   * @param atEnd whether this part ends where the log ends: a newline there ends the last line and
   *     does not count
   * @return -1 where this part holds fewer
   */
  long lineStart(int newlines, boolean atEnd) {
    int left = newlines;
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] == '\n' && !(atEnd && i == bytes.length - 1) && --left == 0) {
        return from + i + 1;
      }
    }
    return -1;
  }

  /** Newlines in this part. */
  int newlines(boolean atEnd) {
    int count = 0;
    for (int i = 0; i < bytes.length - (atEnd ? 1 : 0); i++) {
      if (bytes[i] == '\n') {
        count++;
      }
    }
    return count;
  }

  /**
   * The last lines as text. Bytes that are not UTF-8 become U+FFFD. Of a line that was overwritten
   * by carriage returns the last state is shown, as a terminal does.
   *
   * @param most lines wanted at most
   */
  List<String> lastLines(int most) {
    var lines = new ArrayList<String>();
    if (bytes.length == 0) {
      return lines;
    }
    int end = bytes[bytes.length - 1] == '\n' ? bytes.length - 1 : bytes.length;
    while (lines.size() < most && end >= 0) {
      int begin = end;
      while (begin > 0 && bytes[begin - 1] != '\n') {
        begin--;
      }
      boolean cut = begin == 0 && from > 0;
      if (cut && !lines.isEmpty()) {
        break; // this part does not hold the whole line
      }
      lines.add(text(cut ? characterStart(begin) : begin, end));
      end = begin - 1;
    }
    Collections.reverse(lines);
    return lines;
  }

  /** A part may begin within a character: its continuation bytes are passed over. */
  private int characterStart(int at) {
    int start = at;
    while (start < bytes.length && start < at + 3 && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    return start;
  }

  private String text(int begin, int end) {
    int stop = end;
    while (stop > begin && bytes[stop - 1] == '\r') {
      stop--;
    }
    int start = stop;
    while (start > begin && bytes[start - 1] != '\r') {
      start--;
    }
    return new String(Arrays.copyOfRange(bytes, start, stop), StandardCharsets.UTF_8);
  }
}
