package dev.floe.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.launcher.runtime.AttemptRef;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreWarningsTest {
  private final AtomicLong clock = new AtomicLong();
  private final StoreWarnings warnings = new StoreWarnings(clock::get);

  private static AttemptRef attempt(int number) {
    return new AttemptRef("weather", "r", number);
  }

  @Test
  void oneLineAMinuteCountsTheAttemptsThatItDoesNotName() {
    // Given
    assertThat(warnings.due(attempt(0), "no answer"))
        .hasValue("run=r attempt=0: its log can't be stored and waits: no answer");
    for (int i = 0; i < 1000; i++) {
      assertThat(warnings.due(attempt(i % 10), "no answer")).isEmpty();
    }
    // When
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    // Then
    assertThat(warnings.due(attempt(3), "disk full"))
        .hasValue(
            "run=r attempt=3: its log can't be stored and waits (so did the logs of 9 other"
                + " attempts): disk full");
    assertThat(warnings.due(attempt(4), "disk full")).isEmpty();
  }
}
