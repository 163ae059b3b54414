package dev.floe.platform.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.platform.runtime.PrefixedLines;
import dev.floe.platform.runtime.ReaderGoneException;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogPipeTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> received = new ArrayList<>();

  @Test
  void readerThatTakesNothingIsDropped() {
    // Given
    var pipe = pipe(Duration.ofMillis(1), LONG);
    // Then
    assertThatThrownBy(
            () -> {
              pipe.write(line("a"));
              pipe.flush();
            })
        .isInstanceOf(ReaderGoneException.class)
        .hasMessageContaining("took nothing for PT0.001S");
  }

  @Test
  void noMoreIsSentThanWasAskedFor() throws IOException {
    // Given
    var pipe = pipe(Duration.ofMillis(1), LONG);
    pipe.request(1);
    // When
    pipe.write(line("a"));
    pipe.flush();
    pipe.write(line("b"));
    assertThatThrownBy(pipe::flush).isInstanceOf(ReaderGoneException.class);
    // Then
    assertThat(received).containsExactly("a\n");
  }

  @Test
  void demandIsBounded() throws IOException {
    // Given
    var pipe = pipe(LONG, LONG);
    // When
    pipe.request(Long.MAX_VALUE);
    pipe.request(Long.MAX_VALUE);
    pipe.write(line("a"));
    pipe.flush();
    // Then
    assertThat(received).containsExactly("a\n");
  }

  @Test
  void quietLogSendsAnEmptyLineNowAndThen() throws IOException {
    // Given
    var pipe = pipe(LONG, Duration.ZERO);
    pipe.request(10);
    // When
    pipe.write(line("a"));
    pipe.idle();
    // Then
    assertThat(received).containsExactly("a\n", "\n");
  }

  @Test
  void writerStopsWhenTheReaderIsGone() {
    // Given
    var pipe = pipe(LONG, LONG);
    // When
    pipe.close();
    // Then
    assertThatThrownBy(() -> pipe.write(line("a"))).isInstanceOf(ReaderGoneException.class);
    assertThatThrownBy(pipe::idle).isInstanceOf(ReaderGoneException.class);
  }

  @Test
  void linesAreCutWhereverTheBytesWere() throws IOException {
    // Given
    var pipe = pipe(LONG, LONG);
    pipe.request(10);
    var lines = new PrefixedLines("web", pipe);
    var text = "one\ntwö\n\nfour".getBytes(StandardCharsets.UTF_8);
    // When
    for (byte each : text) {
      lines.write(new byte[] {each}, 1);
    }
    lines.end();
    pipe.flush();
    // Then
    assertThat(String.join("", received)).isEqualTo("[web] one\n[web] twö\n[web] \n[web] four\n");
  }

  @Test
  void lineWithoutEndIsWrittenInPieces() throws IOException {
    // Given
    var pipe = pipe(LONG, LONG);
    pipe.request(1000);
    var lines = new PrefixedLines("web", pipe);
    // When
    for (int i = 0; i < 20; i++) {
      lines.write(new byte[8192], 8192);
    }
    pipe.flush();
    // Then
    assertThat(String.join("", received).lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).hasSize("[web] ".length() + 65536));
  }

  private LogPipe pipe(Duration stallTimeout, Duration heartbeat) {
    var pipes = new ArrayList<LogPipe>();
    Multi.createFrom()
        .<Buffer>emitter(emitter -> pipes.add(new LogPipe(emitter, stallTimeout, heartbeat)))
        .subscribe()
        .with(buffer -> received.add(buffer.toString(StandardCharsets.UTF_8)));
    return pipes.getFirst();
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
