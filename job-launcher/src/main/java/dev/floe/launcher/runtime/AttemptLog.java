package dev.floe.launcher.runtime;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's log from a position on: the bytes as they were written, standard output and error
 * merged. For one reader; {@link #close} may come from another thread and ends a read that waits.
 *
 * <p>A read of an array returns 0 bytes only where a part of the log can't be had: {@link #missing}
 * then says which. Bytes before and after such a place are never returned together.
 */
public abstract class AttemptLog extends InputStream {

  /** The place after the last byte that was returned. */
  public abstract LogPosition position();

  /** What is missing at the place where the last read returned 0 bytes; null elsewhere. */
  public @Nullable String missing() {
    return null;
  }

  /**
   * The attempt has ended and its last lines matter most: whoever is far behind may skip to them,
   * and says that a part is missing. May be called from another thread.
   */
  public void hurry() {}

  @Override
  public abstract int read(byte[] target, int offset, int length) throws IOException;

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    int count = 0;
    while (count == 0) {
      count = read(one, 0, 1);
    }
    return count < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  /** A log whose positions are bytes from its start. */
  public static AttemptLog of(InputStream bytes, long offset) {
    return new Plain(bytes, offset);
  }

  private static final class Plain extends AttemptLog {
    private final InputStream bytes;
    private long offset;

    private Plain(InputStream bytes, long offset) {
      this.bytes = bytes;
      this.offset = offset;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int count = bytes.read(target, from, length);
      offset += Math.max(0, count);
      return count;
    }

    @Override
    public LogPosition position() {
      return LogPosition.ofByte(offset);
    }

    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }
}
