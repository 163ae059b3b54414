package dev.floe.launcher.runtime.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.LogPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container's log out of a stream in which each line begins with its time. Takes the times away,
 * and finds the line again with which an earlier reader stopped: by time and content, because byte
 * offsets mean nothing once the kubelet has rotated the file. Where that line is not there any
 * more, says that a part is missing and continues with the first later line.
 */
final class TimestampedLog extends AttemptLog {
  static final long SECOND = 1_000_000_000L;

  /** Lines of two streams may stand slightly out of the order of their times. */
  private static final int HELD_LINES = 64;

  private static final int HELD_BYTES = 1 << 20;

  /** So much is shown of words that are no log. */
  private static final int WORDS = 300;

  /**
   * The kubelet rotates a container's log at most this often (containerLogMonitorInterval is 10 s
   * unless set): a file that came and went unseen leaves a pause of at least this length.
   */
  private static final long ROTATION_NANOS = 9 * SECOND;

  private static final long PAUSE_NANOS = 5 * SECOND;

  /** So much must have been read of one followed stream before a rotation can have happened. */
  static final long MUCH = 1 << 20;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** So far behind the writer, a reader that continues as before may lose the end. */
  private static final long BEHIND_NANOS = 3 * SECOND;

  /** So much must have been read of one stream before it is given up for being behind. */
  private static final long VERY_MUCH = 2 << 20;

  /** Says that lines are read long after they were written, and ever longer. */
  static final class BehindException extends IOException {
    private static final long serialVersionUID = 1L;

    BehindException() {
      super("the log is written faster than it can be read");
    }
  }

  private enum Mode {
    /** Looks for the line with which the earlier reader stopped. */
    SEARCH,
    /** Returns what it reads. */
    DELIVER
  }

  private final InputStream in;
  private final boolean follow;
  private final LogTimestamp timestamp = new LogTimestamp();
  private final @Nullable LogMarker wanted;
  private final boolean settled;
  private final boolean tail;
  private final long writtenUntil;
  private Mode mode;
  private byte[] raw = new byte[1 << 14];
  private int at;
  private int end;
  private boolean ended;

  // the line that is being read
  private final byte[] prefix = new byte[LogTimestamp.LONGEST + 1];
  private int prefixLength;
  private boolean inLine;
  private long nanos = LogTimestamp.NONE;
  private int ordinal;
  private long hash;

  // while searching
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private long heldFrom;
  private int heldLines;
  private boolean nothing;

  private long skip;
  private @Nullable String missing;
  private @Nullable IOException failure;
  private @Nullable LogMarker marker;
  private long since;
  private long streamed;
  private long lines;
  private long arrived;
  private long delay = Long.MAX_VALUE;
  private boolean patient;

  /**
   * @param in lines that begin with their times; closed with this
   * @param from where the earlier reader stopped
   * @param tail whether the stream begins with some late line rather than with the first that is
   *     kept
   * @param follow whether the stream continues from file to file
   * @param writtenUntil when the container may have written its last line, nanoseconds since the
   *     epoch by the node's clock: its end, or now
   */
  TimestampedLog(
      InputStream in, LogPosition from, boolean tail, boolean follow, long writtenUntil) {
    this.in = in;
    this.follow = follow;
    this.writtenUntil = writtenUntil;
    this.wanted = LogMarker.parse(from.marker());
    this.settled = from.settled();
    this.tail = tail;
    this.marker = wanted;
    this.skip = from.skip();
    this.mode = wanted == null && !tail ? Mode.DELIVER : Mode.SEARCH;
  }

  /** Bytes read of the stream since the earlier reader's line was found. */
  long streamed() {
    return streamed;
  }

  @Override
  public LogPosition position() {
    return new LogPosition(marker == null ? null : marker.toString(), since + skip);
  }

  @Override
  public @Nullable String missing() {
    return missing;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    missing = null;
    if (failure != null) {
      throw failure;
    }
    checkDelay();
    while (true) {
      if (mode == Mode.SEARCH) {
        search();
        if (missing != null) {
          return 0;
        }
        if (mode == Mode.SEARCH) {
          return -1;
        }
      }
      int count = deliver(target, offset, length);
      if (count > 0) {
        return count;
      }
      if (!fill()) {
        return -1;
      }
    }
  }

  /** Whether the stream has ended with neither the earlier reader's line nor a later one. */
  boolean hasNothing() {
    return nothing;
  }

  /** Gives up no more for being behind: there is nothing better to read. */
  void stayPatient() {
    patient = true;
  }

  /** How many of the last lines are about a mebibyte. */
  int linesOfAMebibyte() {
    return (int) Math.clamp(lines * (1L << 20) / Math.max(1, streamed), 100L, 20_000L);
  }

  /** Whether the last line is so young that no file can have come and gone after it. */
  boolean isFresh() {
    return nanos == LogTimestamp.NONE || behind(now()) < ROTATION_NANOS;
  }

  /** How much later than usual the last line arrives: usual is the least seen. */
  private long behind(long when) {
    return delay == Long.MAX_VALUE ? Long.MAX_VALUE : when - nanos - delay;
  }

  private void checkDelay() throws BehindException {
    if (!follow || nanos == LogTimestamp.NONE || arrived == 0) {
      return;
    }
    delay = Math.min(delay, arrived - nanos);
    if (!patient && streamed > VERY_MUCH && behind(arrived) > BEHIND_NANOS) {
      throw new BehindException();
    }
  }

  /** Nanoseconds since the epoch by this machine's clock. */
  static long now() {
    return System.currentTimeMillis() * 1_000_000L;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    int count = in.read(raw, 0, raw.length);
    if (count < 0) {
      ended = true;
      return false;
    }
    at = 0;
    end = count;
    arrived = now();
    return true;
  }

  /** Begins a line; what goes wrong is thrown once what was read before it has been returned. */
  private boolean beginLine(int returned) throws IOException {
    try {
      return beginLine();
    } catch (IOException e) {
      if (returned == 0) {
        throw e;
      }
      failure = e;
      return false;
    }
  }

  /** Moves content to the target until it is full or the buffer is empty. */
  private int deliver(byte[] target, int offset, int length) throws IOException {
    int count = 0;
    int begin = at;
    while (at < end && count < length) {
      if (!inLine && !beginLine(count)) {
        break;
      }
      while (at < end && count < length && inLine) {
        byte one = raw[at++];
        since++;
        if (skip > 0) {
          skip--;
        } else {
          target[offset + count++] = one;
        }
        content(one);
      }
    }
    streamed += at - begin;
    return count;
  }

  /** One byte of a line's content. */
  private void content(byte one) {
    if (one != '\n') {
      hash = (hash ^ (one & 0xff)) * FNV_PRIME;
      return;
    }
    inLine = false;
    lines++;
    if (mode == Mode.DELIVER) {
      marker = new LogMarker(nanos, ordinal, hash);
      since = 0;
    }
  }

  /**
   * Reads on to the first byte of a line's content.
   *
   * @return whether it is in the buffer
   */
  private boolean beginLine() throws IOException {
    while (at < end) {
      byte one = raw[at++];
      if (one == ' ') {
        long time = timestamp.nanos(prefix, prefixLength);
        if (time == LogTimestamp.NONE) {
          throw strange(one);
        }
        suspectRotation(time);
        prefixLength = 0;
        ordinal = time == nanos ? ordinal + 1 : 1;
        nanos = time;
        hash = FNV_BASIS;
        inLine = true;
        return true;
      }
      if (prefixLength == prefix.length - 1 || one == '\n') {
        throw strange(one);
      }
      prefix[prefixLength++] = one;
    }
    return false;
  }

  /** The kubelet answers with words of its own where it can't read the log. */
  private IOException strange(byte last) throws IOException {
    var words = new ByteArrayOutputStream();
    words.write(prefix, 0, prefixLength);
    byte one = last;
    while (one != '\n' && words.size() < WORDS) {
      words.write(one);
      if (at == end && !fill()) {
        break;
      }
      one = raw[at++];
    }
    return new IOException("the node answers: " + words.toString(UTF_8));
  }

  /**
   * A followed stream passes over files that came and went while it was behind, and says nothing.
   * Such a jump shows as a pause; reading again from the last line tells whether it was one.
   */
  private void suspectRotation(long time) throws IOException {
    if (follow && streamed > MUCH && nanos != LogTimestamp.NONE && time - nanos > PAUSE_NANOS) {
      throw new IOException("the log may have been rotated away unseen");
    }
  }

  /** Reads on to the earlier reader's line, or finds that it is not there any more. */
  private void search() throws IOException {
    while (mode == Mode.SEARCH) {
      if (at == end && !fill()) {
        notFound();
        return;
      }
      if (!inLine) {
        int begin = at;
        int before = prefixLength;
        boolean there = beginLine();
        if (!there) {
          continue;
        }
        if (wanted != null && wanted.ordinal() == 0 && nanos >= wanted.nanos()) {
          // The place before this line: nothing is missing.
          again(timeOf(begin, before));
          return;
        }
        if (wanted == null || nanos > wanted.nanos()) {
          hold(timeOf(begin, before));
          continue;
        }
      }
      skipLine();
    }
  }

  /** The line's time as it was read, with the space after it; a part of it may be gone from raw. */
  private byte[] timeOf(int begin, int before) {
    var time = new byte[before + at - begin];
    System.arraycopy(prefix, 0, time, 0, time.length - 1);
    time[time.length - 1] = ' ';
    return time;
  }

  private void skipLine() {
    while (at < end && inLine) {
      content(raw[at++]);
    }
    if (inLine || wanted == null || nanos != wanted.nanos()) {
      return;
    }
    if (ordinal == wanted.ordinal() && hash == wanted.hash()) {
      mode = Mode.DELIVER;
      held.reset(); // stands before it, so it was read already
    }
  }

  /** Keeps a line that may be the first one after the gap. */
  private void hold(byte[] time) throws IOException {
    if (heldLines++ == 0) {
      heldFrom = nanos;
    }
    held.write(time);
    while (inLine) {
      if (at == end && !fill()) {
        break;
      }
      int begin = at;
      while (at < end && inLine) {
        content(raw[at++]);
      }
      held.write(raw, begin, at - begin);
      if (held.size() > HELD_BYTES) {
        break;
      }
    }
    if (heldLines >= HELD_LINES || held.size() > HELD_BYTES) {
      notFound();
    }
  }

  private void notFound() {
    boolean pause = wanted == null || heldFrom - wanted.nanos() >= ROTATION_NANOS;
    nothing = heldLines == 0;
    if (nothing) {
      if (mayBeMissing()) {
        missing = words();
        // Whatever is written from now on is the first line after the gap.
        marker = new LogMarker(Objects.requireNonNull(wanted).nanos() + 1, 0, 0);
        mode = Mode.DELIVER;
        skip = 0;
      }
      return;
    }
    if (!settled || pause) {
      missing = words();
    }
    marker = new LogMarker(heldFrom, 0, 0);
    since = 0;
    skip = 0;
    again(held.toByteArray());
  }

  /** Where nothing is there any more of what the earlier reader read, and nothing later. */
  private boolean mayBeMissing() {
    if (wanted == null || wanted.ordinal() == 0) {
      return false; // there is nothing to miss, or it was said
    }
    return !settled || writtenUntil - wanted.nanos() >= ROTATION_NANOS;
  }

  private String words() {
    if (tail && follow) {
      return "a part is missing here, because it was written faster than it could be read";
    }
    return tail
        ? "a part is missing here, because there was no time to read it"
        : "a part may be missing here, because the node had removed it before it was read";
  }

  /** Delivers these bytes first, then what is in the buffer. */
  private void again(byte[] first) {
    var both = Arrays.copyOf(first, first.length + end - at);
    System.arraycopy(raw, at, both, first.length, end - at);
    raw = both.length < raw.length ? Arrays.copyOf(both, raw.length) : both;
    at = 0;
    end = both.length;
    held.reset();
    prefixLength = 0;
    inLine = false;
    nanos = LogTimestamp.NONE;
    ordinal = 0;
    mode = Mode.DELIVER;
  }
}
