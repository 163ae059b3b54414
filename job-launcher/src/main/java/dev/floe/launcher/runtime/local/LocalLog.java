package dev.floe.launcher.runtime.local;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.local.process.ProcessLog;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A process's log as a stream, which while following ends with the process. Where output was lost
 * because the disk was full, that is said at the end.
 */
final class LocalLog extends AttemptLog {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final int PART = 1 << 16;

  /** Marks a place after which nothing but the process's end can follow. */
  private static final String LOSS_SAID = "loss-said";

  private final SupervisedProcess process;
  private final boolean follow;
  private ProcessLog.Part part;
  private int position;
  private boolean lossSaid;
  private @Nullable String missing;
  private volatile boolean closed;

  LocalLog(SupervisedProcess process, LogPosition from, boolean follow) throws IOException {
    this.process = process;
    this.follow = follow;
    this.lossSaid = LOSS_SAID.equals(from.marker());
    this.part = process.log().read(Math.min(from.skip(), process.log().size()), PART);
  }

  @Override
  public LogPosition position() {
    return new LogPosition(lossSaid ? LOSS_SAID : null, part.next() - available());
  }

  @Override
  public @Nullable String missing() {
    return missing;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    missing = null;
    while (available() == 0) {
      if (closed) {
        return -1;
      }
      var over =
          !follow || !Files.exists(process.folder()) || !(process.status() instanceof Running);
      part = process.log().read(part.next(), PART);
      position = 0;
      if (available() == 0) {
        if (over) {
          return end();
        }
        pause();
      }
    }
    int count = Math.min(length, available());
    System.arraycopy(part.bytes(), position, target, offset, count);
    position += count;
    return count;
  }

  private int end() {
    long lost = lossSaid || !Files.exists(process.folder()) ? 0 : process.lostOutput();
    if (lost == 0) {
      return -1;
    }
    lossSaid = true;
    missing = "%d bytes of output are missing, because the disk was full".formatted(lost);
    return 0;
  }

  @Override
  public int available() {
    return part.bytes().length - position;
  }

  /** Whoever is reading comes to the end, also where the attempt continues. */
  @Override
  public void close() {
    closed = true;
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while following a log");
    }
  }
}
