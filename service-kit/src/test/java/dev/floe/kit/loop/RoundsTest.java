package dev.floe.kit.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<String> levels = new ArrayList<>();
  private final AtomicInteger progress = new AtomicInteger();
  private final Rounds rounds = new Rounds("Renewing leases", progress::incrementAndGet);
  private final Logger logger = Logger.getLogger(Rounds.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          levels.add(logged.getLevel().getName());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(handler);
  }

  private void fail(String why) {
    rounds.run(() -> {
      throw new IllegalStateException(why);
    });
  }

  @Test
  void outageIsNamedOnceAndItsEndOnce() {
    // When
    for (int second = 0; second < 600; second++) {
      fail("no answer within %d ms".formatted(second));
    }
    rounds.run(() -> {});
    rounds.run(() -> {});
    // Then
    assertThat(said()).containsExactly("WARN", "INFO");
    assertThat(progress).hasValue(602);
  }

  @Test
  void anotherFailureIsNamedToo() {
    // When
    fail("connection refused");
    fail("no such column");
    fail("connection refused");
    // Then
    assertThat(said()).containsExactly("WARN", "WARN");
  }

  @Test
  void errorEndsNoLoop() {
    // When
    rounds.run(() -> {
      throw new StackOverflowError();
    });
    rounds.run(() -> {});
    // Then
    assertThat(said()).containsExactly("WARN", "INFO");
  }

  /** Levels of what was logged; java.util.logging has another name for WARN. */
  private List<String> said() {
    return levels.stream()
        .filter(level -> !level.equals("DEBUG") && !level.equals("FINE"))
        .map(level -> level.equals("WARNING") ? "WARN" : level)
        .toList();
  }
}
