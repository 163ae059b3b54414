package dev.floe.cli.rest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream from the network whose reader never waits without an end: it is closed, by a thread of
 * its own, at a given moment or after too long a silence.
 *
 * <p>The reader sees the end of the stream or an {@link IOException}, and asks {@link #isTimedOut}
 * and {@link #isSilent} for the reason. A peer that died without closing the connection is noticed
 * only by its silence.
 */
final class WatchedStream extends FilterInputStream {
  private final @Nullable Instant until;
  private final @Nullable Duration silence;
  private final @Nullable Thread watch;
  private volatile Instant lastHeard = Instant.now();
  private volatile boolean timedOut;
  private volatile boolean silent;

  /**
   * @param until when to close it at the latest; {@code null}: never
   * @param silence the longest time without a byte; {@code null}: any
   */
  WatchedStream(InputStream in, @Nullable Instant until, @Nullable Duration silence) {
    super(in);
    this.until = until;
    this.silence = silence;
    this.watch =
        until == null && silence == null
            ? null
            : Thread.ofVirtual().name("stream-watch").start(this::watch);
  }

  /** Whether it was closed because the given moment came. */
  boolean isTimedOut() {
    return timedOut;
  }

  /** Whether it was closed because nothing came for too long. */
  boolean isSilent() {
    return silent;
  }

  @Override
  public int read() throws IOException {
    var read = super.read();
    lastHeard = Instant.now();
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var read = super.read(bytes, offset, length);
    lastHeard = Instant.now();
    return read;
  }

  @Override
  public void close() throws IOException {
    if (watch != null) {
      watch.interrupt();
    }
    super.close();
  }

  private void watch() {
    try {
      while (true) {
        var now = Instant.now();
        timedOut = until != null && !now.isBefore(until);
        silent = silence != null && !now.isBefore(lastHeard.plus(silence));
        if (timedOut || silent) {
          super.close();
          return;
        }
        Thread.sleep(Duration.between(now, next()).plusMillis(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was closed by its reader
    } catch (IOException e) {
      // the reader notices
    }
  }

  private Instant next() {
    var heard = silence == null ? Instant.MAX : lastHeard.plus(silence);
    return until != null && until.isBefore(heard) ? until : heard;
  }
}
