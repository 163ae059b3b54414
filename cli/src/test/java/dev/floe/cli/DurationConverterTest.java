package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
  private final DurationConverter converter = new DurationConverter();

  @ParameterizedTest
  @CsvSource({
    "30s,PT30S",
    "5m,PT5M",
    "1h30m,PT1H30M",
    "2d,PT48H",
    "1d2h,PT26H",
    "0.5s,PT0.5S",
    "PT10M,PT10M"
  })
  void readsShortAndIsoDurations(String text, Duration expected) {
    assertThat(converter.convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "soon", "-5s", "0s", "5x"})
  void refusesWhatIsNoPositiveDuration(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("30s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"366d", "PT2562047788015215H", "999999999999d"})
  void refusesWhatNoClockCanName(String text) {
    assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void theMessageNamesTheText() {
    assertThatThrownBy(() -> converter.convert("soon")).hasMessageContaining("'soon'");
  }
}
