package dev.floe.launcher.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureWarningsTest {
  private final AtomicLong clock = new AtomicLong();
  private final FailureWarnings warnings = new FailureWarnings(clock::get);

  @Test
  void aKindIsLoggedOnceAMinuteWithTheNumberOfThoseLeftOut() {
    // When
    assertThat(warnings.due("away")).isZero();
    for (int i = 0; i < 1000; i++) {
      assertThat(warnings.due("away")).isEqualTo(-1);
    }
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    // Then
    assertThat(warnings.due("away")).isEqualTo(1000);
    assertThat(warnings.due("away")).isEqualTo(-1);
  }

  @Test
  void kindsAreLoggedApartUpToABound() {
    // Given
    for (int i = 0; i < 50; i++) {
      assertThat(warnings.due("kind " + i)).isZero();
    }
    // When
    assertThat(warnings.due("one more")).isZero();
    // Then
    assertThat(warnings.due("yet another")).isEqualTo(-1);
  }
}
