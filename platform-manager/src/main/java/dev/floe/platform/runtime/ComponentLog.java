package dev.floe.platform.runtime;

import java.io.IOException;

/** A component's log, ready to be copied once. */
@FunctionalInterface
public interface ComponentLog {
  /**
   * Copies it, each line preceded by the name of its workload in brackets. Blocks until all of it
   * is copied or, when it is followed, until the reader is gone or the thread is interrupted; what
   * the copying started has ended then.
   */
  void copy(LogSink sink) throws IOException;
}
