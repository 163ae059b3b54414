package dev.floe.telemetry.receive;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request while it arrives: bounded, and counted against what all requests may take
 * together.
 */
final class RequestBody {
  private static final int FIRST = 4096;
  private static final int GZIP_BUFFER = 8192;

  private final InFlight inFlight;
  private final int limit;
  private final Duration retryAfter;
  private byte[] bytes = new byte[0];
  private int start;
  private int size;
  private int expected;
  private long reserved;
  private boolean closed;

  RequestBody(InFlight inFlight, int limit, Duration retryAfter) {
    this.inFlight = inFlight;
    this.limit = limit;
    this.retryAfter = retryAfter;
  }

  /**
   * Takes the next bytes.
   *
   * @return why they are not taken, null where they are
   */
  @Nullable Refusal append(Buffer part) {
    var refusal = room(part.length());
    if (refusal == null) {
      part.getBytes(0, part.length(), bytes, size);
      size += part.length();
    }
    return refusal;
  }

  int size() {
    return size;
  }

  /**
   * @return a byte that arrived
   */
  byte at(int index) {
    return bytes[index];
  }

  /** Says how many bytes are to come, so that they need not be moved as they do. */
  void expect(long total) {
    expected = Math.clamp(total, 0, limit);
  }

  /** Leaves out the first bytes. */
  void skip(int count) {
    start = count;
  }

  /**
   * @return what arrived
   */
  byte[] toByteArray() {
    return start == 0 && size == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, size);
  }

  /**
   * Decompresses what arrived; at most the limit, whatever it would become.
   *
   * @return why it cannot be, null where it now stands in this body alone
   */
  @Nullable Refusal unpack() {
    var packed = new ByteArrayInputStream(bytes, start, size - start);
    bytes = new byte[0];
    start = 0;
    size = 0;
    expected = 0;
    try (var gzip = new GZIPInputStream(packed, GZIP_BUFFER)) {
      byte[] part = new byte[GZIP_BUFFER];
      for (int read = gzip.read(part); read >= 0; read = gzip.read(part)) {
        var refusal = room(read);
        if (refusal != null) {
          return refusal;
        }
        System.arraycopy(part, 0, bytes, size, read);
        size += read;
      }
      return null;
    } catch (IOException e) {
      return Refusal.malformed("the body is not gzip");
    }
  }

  /** Gives back what was counted; once, however often it is called. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      inFlight.release(reserved);
    }
  }

  private @Nullable Refusal room(int more) {
    long needed = (long) size + more;
    if (needed > limit) {
      return Refusal.tooLarge(limit);
    }
    if (needed > bytes.length) {
      long least = needed <= expected ? expected : Math.max(FIRST, bytes.length * 2L);
      int grown = (int) Math.min(limit, Math.max(needed, least));
      if (!reserve(grown - bytes.length)) {
        return Refusal.full("too many requests are under way", retryAfter);
      }
      bytes = Arrays.copyOf(bytes, grown);
    }
    return null;
  }

  private synchronized boolean reserve(long more) {
    if (closed || !inFlight.reserve(more)) {
      return false;
    }
    reserved += more;
    return true;
  }
}
