package dev.floe.platform.status;

import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.ReaderGoneException;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries a log from the threads that read it to a reactive stream, as fast as the stream's
 * subscriber asks for it: a writer waits while nothing is asked for. Holds at most one piece that
 * was not asked for.
 */
final class LogPipe implements LogSink {
  private static final int PIECE = 1 << 14;

  /** More than any subscriber asks for at once, far below what a semaphore can count. */
  private static final int MOST_DEMAND = 1 << 16;

  private final MultiEmitter<? super Buffer> emitter;
  private final Duration stallTimeout;
  private final Duration heartbeat;
  private final Semaphore demand = new Semaphore(0);
  private final ReentrantLock lock = new ReentrantLock();
  private Buffer piece = Buffer.buffer();
  private long lastSent = System.nanoTime();
  private volatile boolean closed;

  /**
   * @param emitter of a stream whose requests are passed to {@link #request}
   * @param stallTimeout how long a write waits for the subscriber
   * @param heartbeat longest silence
   */
  LogPipe(MultiEmitter<? super Buffer> emitter, Duration stallTimeout, Duration heartbeat) {
    this.emitter = emitter;
    this.stallTimeout = stallTimeout;
    this.heartbeat = heartbeat;
  }

  /** The subscriber asks for more pieces. */
  void request(long pieces) {
    demand.release(
        (int) Math.min(pieces, MOST_DEMAND - Math.min(MOST_DEMAND, demand.availablePermits())));
  }

  /** The subscriber is gone: whoever writes, or waits to write, fails from now on. */
  void close() {
    closed = true;
    demand.release();
  }

  /** Sends an empty piece: the answer begins before there is anything to read. */
  void begin() throws IOException {
    locked(() -> send(Buffer.buffer()));
  }

  @Override
  public void write(byte[] lines) throws IOException {
    locked(() -> {
      piece.appendBytes(lines);
      if (piece.length() >= PIECE) {
        sendPiece();
      }
    });
  }

  @Override
  public void flush() throws IOException {
    locked(this::sendPiece);
  }

  @Override
  public void idle() throws IOException {
    locked(() -> {
      sendPiece();
      if (System.nanoTime() - lastSent > heartbeat.toNanos()) {
        send(Buffer.buffer("\n"));
      }
    });
  }

  private void sendPiece() throws IOException {
    if (piece.length() > 0) {
      var full = piece;
      piece = Buffer.buffer();
      send(full);
    }
  }

  private void send(Buffer buffer) throws IOException {
    try {
      if (!demand.tryAcquire(stallTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ReaderGoneException("the reader took nothing for " + stallTimeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    checkOpen();
    emitter.emit(buffer);
    lastSent = System.nanoTime();
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new ReaderGoneException("the reader is gone");
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void locked(Work work) throws IOException {
    checkOpen();
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
