package dev.floe.platform.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Cuts the bytes of one log into lines and writes them, each after a prefix. A line that is longer
 * than {@value #LONGEST} bytes is written in pieces. Used by one thread.
 */
public final class PrefixedLines {
  private static final int LONGEST = 1 << 16;

  private final byte[] prefix;
  private final LogSink sink;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  /**
   * @param name of the workload; the prefix is {@code [name] }
   */
  public PrefixedLines(String name, LogSink sink) {
    this.prefix = ("[" + name + "] ").getBytes(StandardCharsets.UTF_8);
    this.sink = sink;
  }

  /** Takes the next bytes of the log; what follows the last line end waits for its own. */
  public void write(byte[] bytes, int length) throws IOException {
    var lines = new ByteArrayOutputStream(length + prefix.length);
    int from = 0;
    for (int i = 0; i < length; i++) {
      boolean ends = bytes[i] == '\n';
      if (ends || rest.size() + i + 1 - from >= LONGEST) {
        lines.writeBytes(prefix);
        rest.writeTo(lines);
        rest.reset();
        lines.write(bytes, from, i + 1 - from);
        if (!ends) {
          lines.write('\n');
        }
        from = i + 1;
      }
    }
    rest.write(bytes, from, length - from);
    if (lines.size() > 0) {
      sink.write(lines.toByteArray());
    }
  }

  /** Writes a line of floe's own. */
  public void note(String words) throws IOException {
    end();
    var line = (words + "\n").getBytes(StandardCharsets.UTF_8);
    write(line, line.length);
  }

  /** Writes what has no line end. */
  public void end() throws IOException {
    if (rest.size() > 0) {
      write(new byte[] {'\n'}, 1);
    }
  }
}
