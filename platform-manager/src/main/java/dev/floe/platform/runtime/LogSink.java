package dev.floe.platform.runtime;

import java.io.IOException;

/**
 * Takes the lines of a log on behalf of one reader. Thread-safe. Every method blocks while the
 * reader does not keep up, and throws {@link ReaderGoneException} once the reader is gone: whoever
 * copies a log stops then.
 */
public interface LogSink {
  /**
   * Takes whole lines, each with its line end. Lines of two calls are not mixed.
   *
   * @param lines UTF-8 as far as the process wrote that; not kept after the call
   */
  void write(byte[] lines) throws IOException;

  /** Hands over what was written so far. */
  void flush() throws IOException;

  /**
   * Must be called at least every few seconds while a followed log is quiet, so that a reader that
   * is gone is noticed.
   */
  void idle() throws IOException;
}
