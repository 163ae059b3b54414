package dev.floe.launcher.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogBytesTest {
  /** A log as pieces of one byte each, so that every character is cut. */
  private static List<LogChunk> pieces(String text) {
    var chunks = new ArrayList<LogChunk>();
    for (var one : text.getBytes(UTF_8)) {
      chunks.add(new LogChunk(chunks.size(), new byte[] {one}));
    }
    return chunks;
  }

  private static List<String> last(String text, int from, int lines) {
    var chunks = pieces(text);
    return new LogBytes(chunks.subList(from, chunks.size()), from, chunks.size()).lastLines(lines);
  }

  @Test
  void charactersThatPiecesCutAreWhole() {
    assertThat(last("läuft\n→ Fehler €\n", 0, 20)).containsExactly("läuft", "→ Fehler €");
  }

  @Test
  void onlyTheLastLinesAreGiven() {
    assertThat(last("1\n2\n3\n4", 0, 2)).containsExactly("3", "4");
    assertThat(last("", 0, 2)).isEmpty();
    assertThat(last("\n\n", 0, 5)).containsExactly("", "");
  }

  @Test
  void aLineThatIsNotWhollyHereIsLeftOutWhereOthersAre() {
    assertThat(last("first\nsecond\nthird\n", 3, 20)).containsExactly("second", "third");
  }

  @Test
  void aLineLongerThanThePartIsShownFromACharacterOn() {
    assertThat(last("ä".repeat(50), 51, 20)).containsExactly("ä".repeat(24));
  }

  @Test
  void anOverwrittenLineIsShownAsATerminalShowsIt() {
    assertThat(last("a\r\n10 %\r20 %\r30 %\nend", 0, 20)).containsExactly("a", "30 %", "end");
  }

  @Test
  void theStartOfLinesIsFoundOrNot() {
    var part = new LogBytes(pieces("1\n2\n3\n"), 0, 6);
    assertThat(part.lineStart(1, true)).isEqualTo(4);
    assertThat(part.lineStart(2, true)).isEqualTo(2);
    assertThat(part.lineStart(3, true)).isEqualTo(-1);
    assertThat(part.newlines(true)).isEqualTo(2);
  }
}
