package dev.floe.platform.runtime.kubernetes;

import dev.floe.platform.runtime.PrefixedLines;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The lines of one container's log, each with the time that the kubelet puts before it. Used by one
 * thread.
 */
final class TimedLines implements Closeable {
  private static final int LONGEST = 1 << 16;

  private final PrefixedLines lines;
  private final BufferedInputStream in;
  private final long most;
  private final int order;
  private Instant time = Instant.MIN;
  private byte[] line = {};
  private long read;

  /**
   * @param in lines that begin with their times; closed with this
   * @param most bytes that are read, up to the end of a line
   * @param order among lines of the same time
   */
  TimedLines(PrefixedLines lines, InputStream in, long most, int order) {
    this.lines = lines;
    this.in = new BufferedInputStream(in);
    this.most = most;
    this.order = order;
  }

  /** Writes the lines of several logs in the order of their times. */
  static void merge(Collection<TimedLines> logs) throws IOException {
    var next =
        new PriorityQueue<TimedLines>(
            Comparator.<TimedLines, Instant>comparing(log -> log.time)
                .thenComparingInt(log -> log.order));
    for (var log : logs) {
      if (log.advance()) {
        next.add(log);
      }
    }
    while (!next.isEmpty()) {
      var earliest = next.remove();
      earliest.lines.write(earliest.line, earliest.line.length);
      if (earliest.advance()) {
        next.add(earliest);
      } else {
        earliest.lines.end();
      }
    }
  }

  /** Bytes that were read so far, the times included. */
  long read() {
    return read;
  }

  /** Reads the next line, or a piece of one that is too long; false at the end or the limit. */
  private boolean advance() throws IOException {
    if (read >= most) {
      return false;
    }
    var bytes = new ByteArrayOutputStream();
    int one = in.read();
    while (one >= 0) {
      bytes.write(one);
      if (one == '\n' || bytes.size() >= LONGEST) {
        break;
      }
      one = in.read();
    }
    if (bytes.size() == 0) {
      return false;
    }
    read += bytes.size();
    line = withoutTime(bytes.toByteArray());
    return true;
  }

  /** What has no time of its own has that of the line before: a piece, or words of the kubelet. */
  private byte[] withoutTime(byte[] bytes) {
    int space = 0;
    while (space < bytes.length && bytes[space] != ' ' && bytes[space] != '\n') {
      space++;
    }
    try {
      time = Instant.parse(new String(bytes, 0, space, StandardCharsets.US_ASCII));
    } catch (DateTimeParseException e) {
      return bytes;
    }
    int begin = Math.min(space + 1, bytes.length);
    var content = new byte[bytes.length - begin];
    System.arraycopy(bytes, begin, content, 0, content.length);
    return content;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
