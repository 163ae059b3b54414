package dev.floe.platform.runtime.local;

import dev.floe.local.process.ProcessLog;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** Copies the logs of several processes, each line preceded by the name of its process. */
final class LocalLogs {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final int PART = 1 << 16;

  private LocalLogs() {}

  private static final class Reader {
    private final String prefix;
    private final ProcessLog log;
    private final StringBuilder rest = new StringBuilder();
    private long offset;

    Reader(String name, ProcessLog log, int tail) throws IOException {
      this.prefix = "[" + name + "] ";
      this.log = log;
      this.offset = log.offsetOfTail(tail);
    }

    /** Copies whole lines; answers whether there was anything new. */
    boolean copy(OutputStream out) throws IOException {
      boolean any = false;
      while (true) {
        var part = log.read(offset, PART);
        if (part.bytes().length == 0) {
          return any;
        }
        any = true;
        offset = part.next();
        rest.append(new String(part.bytes(), StandardCharsets.UTF_8));
        int end;
        int from = 0;
        while ((end = rest.indexOf("\n", from)) >= 0) {
          out.write((prefix + rest.substring(from, end + 1)).getBytes(StandardCharsets.UTF_8));
          from = end + 1;
        }
        rest.delete(0, from);
        if (rest.length() > PART) {
          flush(out);
        }
      }
    }

    void flush(OutputStream out) throws IOException {
      if (!rest.isEmpty()) {
        out.write((prefix + rest + "\n").getBytes(StandardCharsets.UTF_8));
        rest.setLength(0);
      }
    }
  }

  static void copy(Map<String, Path> folders, int tail, boolean follow, OutputStream out)
      throws IOException {
    var readers = new ArrayList<Reader>();
    for (var entry : folders.entrySet()) {
      readers.add(
          new Reader(entry.getKey(), new ProcessLog(entry.getValue().resolve("log")), tail));
    }
    while (true) {
      for (var reader : readers) {
        reader.copy(out);
      }
      out.flush();
      if (!follow) {
        for (var reader : readers) {
          reader.flush(out);
        }
        return;
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }
}
