package dev.floe.launcher.runtime.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.launcher.runtime.LogPosition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampedLogTest {
  /** A line as the kubelet gives it, so many seconds and nanoseconds after noon. */
  private static String line(int second, int nano, String text) {
    return "2026-01-31T12:%02d:%02d.%09dZ %s\n".formatted(second / 60, second % 60, nano, text);
  }

  private static String numbered(int from, int to) {
    var text = new StringBuilder();
    IntStream.range(from, to).forEach(i -> text.append(line(i, i, "line " + i)));
    return text.toString();
  }

  /** What was read, with a mark where a part is missing. */
  private static final class Reader {
    private final StringBuilder text = new StringBuilder();
    private final TimestampedLog log;

    private Reader(String stream, LogPosition from, int atOnce, boolean tail, boolean follow) {
      this(stream, from, atOnce, tail, follow, 0);
    }

    private Reader(
        String stream, LogPosition from, int atOnce, boolean tail, boolean follow, long until) {
      var bytes = stream.getBytes(ISO_8859_1);
      InputStream in =
          new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
              return super.read(target, offset, Math.min(length, atOnce));
            }
          };
      this.log = new TimestampedLog(in, from, tail, follow, until);
    }

    private static Reader all(String stream, LogPosition from) throws IOException {
      return all(stream, from, 7);
    }

    private static Reader all(String stream, LogPosition from, int atOnce) throws IOException {
      var reader = new Reader(stream, from, atOnce, false, false);
      while (reader.more(5)) {
        // to the end
      }
      return reader;
    }

    private static Reader all(String stream, LogPosition from, Instant writtenUntil)
        throws IOException {
      long until = writtenUntil.getEpochSecond() * TimestampedLog.SECOND;
      var reader = new Reader(stream, from, 7, false, false, until);
      while (reader.more(5)) {
        // to the end
      }
      return reader;
    }

    private boolean more(int bytes) throws IOException {
      var buffer = new byte[bytes];
      int count = log.read(buffer, 0, bytes);
      if (count == 0) {
        text.append(log.missing() == null ? "?" : "[gap]");
      }
      text.append(new String(buffer, 0, Math.max(0, count), ISO_8859_1));
      return count >= 0;
    }

    private String text() {
      return text.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 31, 64, 1000})
  void contentIsKeptByteForByte(int atOnce) throws IOException {
    // Given
    var stream = line(0, 1, "a\rb\0\u00ff") + line(0, 2, "") + line(1, 3, "2026-01-31T12:00:00Z x");
    // When
    var read =
        Reader.all(
            stream + "2026-01-31T13:00:01.000000004+01:00 no newline", LogPosition.START, atOnce);
    // Then
    assertThat(read.text()).isEqualTo("a\rb\0\u00ff\n\n2026-01-31T12:00:00Z x\nno newline");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 1000})
  void readingGoesOnAtAnyByte(int atOnce) throws IOException {
    // Given
    var stream = numbered(0, 5) + line(5, 0, "same") + line(5, 0, "same") + line(5, 0, "same");
    var whole = Reader.all(stream, LogPosition.START).text();
    var first = new Reader(stream, LogPosition.START, atOnce, false, false);
    var places = new ArrayList<LogPosition>(List.of(LogPosition.START));
    while (first.more(1)) {
      places.add(first.log.position());
    }
    // When: from every place, and from every place plus some bytes
    for (int i = 0; i < whole.length(); i++) {
      for (int more = 0; more < Math.min(9, whole.length() - i); more++) {
        var rest = Reader.all(stream, places.get(i).plus(more), atOnce);
        // Then
        assertThat(rest.text()).isEqualTo(whole.substring(i + more));
        assertThat(rest.log.position()).isEqualTo(places.getLast());
      }
    }
  }

  @Test
  void aFileThatWasRotatedAwayIsAGap() throws IOException {
    // Given
    var place = Reader.all(numbered(0, 10), LogPosition.START).log.position();
    // When
    var rest = Reader.all(numbered(12, 15), place.plus(3));
    // Then
    assertThat(rest.text()).isEqualTo("[gap]line 12\nline 13\nline 14\n");
  }

  @Test
  void aGapIsSaidOnceWhereverReadingGoesOnAfterIt() throws IOException {
    // Given
    var place = Reader.all(numbered(0, 10), LogPosition.START).log.position();
    var stream = numbered(12, 15);
    var reader = new Reader(stream, place, 4, false, false);
    while (reader.more(1)) {
      var rest = Reader.all(stream, reader.log.position());
      // Then
      assertThat(reader.text() + rest.text()).isEqualTo("[gap]line 12\nline 13\nline 14\n");
    }
  }

  @Test
  void aGapWithNothingAfterItIsSaidOnce() throws IOException {
    // Given
    var place = Reader.all(numbered(0, 10), LogPosition.START).log.position();
    // When
    var empty = Reader.all("", place);
    var again = Reader.all("", empty.log.position());
    var later = Reader.all(numbered(12, 13), again.log.position());
    // Then
    assertThat(empty.text()).isEqualTo("[gap]");
    assertThat(again.text()).isEmpty();
    assertThat(later.text()).isEqualTo("line 12\n");
  }

  @Test
  void aFileThatFollowsAtOnceOnOneReadToItsEndIsNoGap() throws IOException {
    // Given
    var place = Reader.all(numbered(0, 10), LogPosition.START).log.position().asSettled();
    // When
    var next = Reader.all(numbered(10, 12), place);
    var much = Reader.all(numbered(40, 41), place);
    var none = Reader.all("", place);
    // Then
    assertThat(next.text()).isEqualTo("line 10\nline 11\n");
    assertThat(much.text()).isEqualTo("[gap]line 40\n");
    assertThat(none.text()).isEmpty();
  }

  /** A file that was rotated away whole, as seen in an empty newest one. */
  @Test
  void anEmptyFileIsAGapWhereAWholeOneMayHaveGoneBeforeIt() throws IOException {
    // Given: the last line was written at 12:00:09
    var place = Reader.all(numbered(0, 10), LogPosition.START).log.position().asSettled();
    // When
    var soon = Reader.all("", place, Instant.parse("2026-01-31T12:00:17Z"));
    var late = Reader.all("", place, Instant.parse("2026-01-31T12:00:20Z"));
    // Then
    assertThat(soon.text()).isEmpty();
    assertThat(late.text()).isEqualTo("[gap]");
    assertThat(late.log.hasNothing()).isTrue();
  }

  @Test
  void linesOfTwoStreamsMayStandOutOfOrder() throws IOException {
    // Given
    var before = line(1, 5, "out") + line(1, 9, "err") + line(1, 7, "out 2");
    var place = Reader.all(before, LogPosition.START).log.position();
    // When
    var rest = Reader.all(before + line(1, 8, "out 3") + line(2, 0, "end"), place);
    // Then
    assertThat(rest.text()).isEqualTo("out 3\nend\n");
  }

  @Test
  void theLastLinesAreAGapWhereTheyBeginLater() throws IOException {
    // Given
    var place = Reader.all(numbered(0, 10), LogPosition.START).log.position();
    var later = new Reader(numbered(20, 22), place, 9, true, false);
    var within = new Reader(numbered(8, 12), place, 9, true, false);
    // When
    while (later.more(64) || within.more(64)) {
      // both to their end
    }
    // Then
    assertThat(later.text()).isEqualTo("[gap]line 20\nline 21\n");
    assertThat(within.text()).isEqualTo("line 10\nline 11\n");
  }

  @Test
  void aJumpInALongFollowedStreamIsLookedAtAgain() throws IOException {
    // Given
    var long0 = numbered(0, 3000).replace("line", "x".repeat(400));
    var reader = new Reader(long0 + line(3030, 0, "far"), LogPosition.START, 4096, false, true);
    // When
    assertThatThrownBy(
            () -> {
              while (reader.more(4096)) {
                // to the jump
              }
            })
        // Then
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rotated");
    assertThat(reader.text().substring(reader.text().length() - 6)).isEqualTo(" 2999\n");
  }

  @Test
  void aReaderThatFallsBehindSaysSoUntilToldToStay() throws IOException {
    // Given: lines that arrive ten seconds later than the first one did
    var late = line(90, 0, "x".repeat(1000)).repeat(9000);
    var reader =
        new Reader(line(100, 0, "f".repeat(6000)) + late, LogPosition.START, 4096, false, true);
    // When
    assertThatThrownBy(
            () -> {
              while (reader.more(4096)) {
                // until it is behind
              }
            })
        .isInstanceOf(TimestampedLog.BehindException.class);
    reader.log.stayPatient();
    while (reader.more(4096)) {
      // to the end
    }
    // Then: nothing was lost
    assertThat(reader.text().length()).isEqualTo(6001 + 9000 * 1001);
  }

  @Test
  void wordsOfTheNodeAreNoLog() {
    assertThatThrownBy(() ->
            Reader.all("unable to retrieve container logs for containerd://1\n", LogPosition.START))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unable to retrieve container logs for containerd://1");
  }
}
