package dev.floe.platform.runtime.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.PrefixedLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimedLinesTest {
  private static String merged(Map<String, String> logs) throws IOException {
    return merged(logs, Long.MAX_VALUE);
  }

  private static String merged(Map<String, String> logs, long most) throws IOException {
    var text = new StringBuilder();
    LogSink sink =
        new LogSink() {
          @Override
          public void write(byte[] lines) {
            text.append(new String(lines, UTF_8));
          }

          @Override
          public void flush() {}

          @Override
          public void idle() {}
        };
    var all = new ArrayList<TimedLines>();
    new TreeMap<>(logs)
        .forEach((name, log) ->
            all.add(
                new TimedLines(
                    new PrefixedLines(name, sink),
                    new ByteArrayInputStream(log.getBytes(UTF_8)),
                    most,
                    all.size())));
    TimedLines.merge(all);
    return text.toString();
  }

  @Test
  void linesOfSeveralLogsAreMergedByTime() throws IOException {
    var a = "2026-01-31T12:00:00.5Z one\n2026-01-31T12:00:02Z three\n";
    var b = "2026-01-31T12:00:00.45Z zero\n2026-01-31T13:00:01+01:00 two\n";
    assertThat(merged(Map.of("a", a, "b", b))).isEqualTo("[b] zero\n[a] one\n[b] two\n[a] three\n");
  }

  @Test
  void equalTimesKeepTheOrderOfTheLogs() throws IOException {
    var same = "2026-01-31T12:00:00Z x\n2026-01-31T12:00:00Z y\n";
    assertThat(merged(Map.of("a", same, "b", same))).isEqualTo("[a] x\n[a] y\n[b] x\n[b] y\n");
  }

  @Test
  void whatHasNoTimeFollowsTheLineBefore() throws IOException {
    var a = "2026-01-31T12:00:01Z one\nwords of the node\n2026-01-31T12:00:03Z last";
    var b = "2026-01-31T12:00:02Z two\n\n";
    assertThat(merged(Map.of("a", a, "b", b)))
        .isEqualTo("[a] one\n[a] words of the node\n[b] two\n[b] \n[a] last\n");
  }

  @Test
  void aLineWithoutAnEndIsWrittenInPieces() throws IOException {
    var a = "2026-01-31T12:00:01Z " + "x".repeat(200_000);
    var text = merged(Map.of("a", a));
    assertThat(text.replaceAll("[^x]", "")).hasSize(200_000);
  }

  @Test
  void oneLogIsReadUpToItsLimit() throws IOException {
    var a = "2026-01-31T12:00:01Z one\n2026-01-31T12:00:02Z two\n2026-01-31T12:00:03Z three\n";
    assertThat(merged(Map.of("a", a), 26)).isEqualTo("[a] one\n[a] two\n");
  }

  @Test
  void anEmptyLogIsNothing() throws IOException {
    assertThat(merged(Map.of("a", "", "b", "2026-01-31T12:00:00Z x\n"))).isEqualTo("[b] x\n");
  }
}
