package dev.floe.platform.runtime.local;

import dev.floe.local.process.ProcessLog;
import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.PrefixedLines;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/**
 * The logs of several processes.
 *
 * @param folders of the processes, by name
 */
record LocalLogs(Map<String, Path> folders, LogRequest request) implements ComponentLog {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final int PART = 1 << 16;

  LocalLogs {
    folders = Map.copyOf(folders);
  }

  /** One process's log and how far it was copied. */
  private static final class Reader {
    private final PrefixedLines lines;
    private final ProcessLog log;
    private long offset;

    private Reader(String name, ProcessLog log, LogRequest request, LogSink sink)
        throws IOException {
      this.lines = new PrefixedLines(name, sink);
      this.log = log;
      this.offset = log.offsetOfTail(request.tail());
      if (!request.follow()) {
        this.offset = Math.max(offset, log.size() - request.maxBytes());
      }
    }

    /** Copies what is there. */
    private void copy() throws IOException {
      for (var part = log.read(offset, PART);
          part.bytes().length > 0;
          part = log.read(offset, PART)) {
        offset = part.next();
        lines.write(part.bytes(), part.bytes().length);
      }
    }
  }

  @Override
  public void copy(LogSink sink) throws IOException {
    var readers = new ArrayList<Reader>();
    for (var process : new TreeMap<>(folders).entrySet()) {
      var log = new ProcessLog(process.getValue().resolve("log"));
      readers.add(new Reader(process.getKey(), log, request, sink));
    }
    while (true) {
      for (var reader : readers) {
        reader.copy();
      }
      if (!request.follow()) {
        for (var reader : readers) {
          reader.lines.end();
        }
        return;
      }
      sink.idle();
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }
}
