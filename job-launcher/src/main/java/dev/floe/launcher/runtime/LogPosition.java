package dev.floe.launcher.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A place in an attempt's log, from which reading continues.
 *
 * @param marker the runtime's own name of an earlier place, at most {@value #MARKER_LENGTH}
 *     characters; null: the log's first byte
 * @param skip bytes of the log after that place
 * @param settled whether everything had been read up to here that was written by then
 */
public record LogPosition(@Nullable String marker, long skip, boolean settled) {
  /** Longest marker. */
  public static final int MARKER_LENGTH = 200;

  /** The log's first byte. */
  public static final LogPosition START = new LogPosition(null, 0);

  /** A place of which it is not known whether more had been written. */
  public LogPosition(@Nullable String marker, long skip) {
    this(marker, skip, false);
  }

  /** The place so many bytes after the log's first byte. */
  public static LogPosition ofByte(long offset) {
    return new LogPosition(null, offset);
  }

  /** The place so many bytes later, where nothing is missing between the two. */
  public LogPosition plus(long bytes) {
    return new LogPosition(marker, skip + bytes);
  }

  /** The same place, with everything read that had been written. */
  public LogPosition asSettled() {
    return new LogPosition(marker, skip, true);
  }
}
