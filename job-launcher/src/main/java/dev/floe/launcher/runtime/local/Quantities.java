package dev.floe.launcher.runtime.local;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Kubernetes quantities as numbers. */
final class Quantities {
  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "", BigDecimal.ONE,
          "m", new BigDecimal("0.001"),
          "k", BigDecimal.valueOf(1_000L),
          "M", BigDecimal.valueOf(1_000_000L),
          "G", BigDecimal.valueOf(1_000_000_000L),
          "T", BigDecimal.valueOf(1_000_000_000_000L),
          "Ki", BigDecimal.valueOf(1L << 10),
          "Mi", BigDecimal.valueOf(1L << 20),
          "Gi", BigDecimal.valueOf(1L << 30),
          "Ti", BigDecimal.valueOf(1L << 40));

  private Quantities() {}

  /**
   * Bytes of a quantity of memory, rounded up.
   *
   * @throws IllegalArgumentException it is none
   */
  static long bytes(String quantity) {
    int end = quantity.length();
    while (end > 0 && Character.isLetter(quantity.charAt(end - 1))) {
      end--;
    }
    var unit = UNITS.get(quantity.substring(end));
    if (unit == null) {
      throw new IllegalArgumentException(quantity + " is not a Kubernetes quantity");
    }
    return new BigDecimal(quantity.substring(0, end))
        .multiply(unit)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
