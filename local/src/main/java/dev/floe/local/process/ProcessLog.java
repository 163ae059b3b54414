package dev.floe.local.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a supervised process wrote.
 *
 * @param file the log file; need not be there yet
 */
public record ProcessLog(Path file) {

  /** Some bytes of a log and where to continue. */
  public static final class Part {
    private final byte[] bytes;
    private final long next;

    private Part(byte[] bytes, long next) {
      this.bytes = bytes;
      this.next = next;
    }

    /** What was read, empty where nothing new is there. */
    public byte[] bytes() {
      return bytes;
    }

    /** The offset to continue from. */
    public long next() {
      return next;
    }
  }

  /**
   * Reads on from an offset; a file that became shorter was rotated and is read from its start.
   *
   * @param offset where to begin, 0 for the start
   * @param most bytes wanted at most
   */
  public Part read(long offset, int most) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var size = channel.size();
      var from = offset > size ? 0 : offset;
      var buffer = ByteBuffer.allocate((int) Math.min(most, size - from));
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
        // reads until the buffer is full or the file ends
      }
      var bytes = new byte[buffer.position()];
      buffer.flip().get(bytes);
      return new Part(bytes, from + bytes.length);
    } catch (NoSuchFileException e) {
      return new Part(new byte[0], offset);
    }
  }

  /** Bytes written so far. */
  public long size() throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.size();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** The offset at which the last lines begin. */
  public long offsetOfTail(int lines) throws IOException {
    var size = size();
    var part = read(Math.max(0, size - (1 << 20)), 1 << 20);
    var from = part.next() - part.bytes().length;
    var wanted = lines;
    for (int i = part.bytes().length - 2; i >= 0; i--) {
      if (part.bytes()[i] == '\n' && --wanted == 0) {
        return from + i + 1;
      }
    }
    return lines <= 0 ? size : from;
  }
}
