package dev.floe.launcher.retry;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;

/** Amounts of memory as Kubernetes writes them. */
public final class Quantity {
  private static final Pattern FORM =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?");
  private static final BigDecimal MEBI = BigDecimal.valueOf(1L << 20);

  /** Kubernetes and this machine count bytes in 63 bits. */
  private static final BigDecimal MOST_MEBIBYTES = BigDecimal.valueOf((1L << 43) - 1);

  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "m", new BigDecimal("0.001"),
          "k", BigDecimal.TEN.pow(3),
          "M", BigDecimal.TEN.pow(6),
          "G", BigDecimal.TEN.pow(9),
          "T", BigDecimal.TEN.pow(12),
          "Ki", BigDecimal.valueOf(1L << 10),
          "Mi", MEBI,
          "Gi", BigDecimal.valueOf(1L << 30),
          "Ti", BigDecimal.valueOf(1L << 40));

  private Quantity() {}

  /**
   * The amount in its base unit: bytes or cores.
   *
   * @throws IllegalArgumentException when it is not a quantity
   */
  public static BigDecimal parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("'%s' is not a quantity".formatted(text));
    }
    var unit = match.group(2);
    var factor = unit == null ? BigDecimal.ONE : UNITS.getOrDefault(unit, BigDecimal.ONE);
    return new BigDecimal(match.group(1)).multiply(factor);
  }

  /** The amount times a factor, in whole mebibytes, rounded up; never more than fits 63 bits. */
  static String timesInMebibytes(String text, double factor) {
    var mebibytes =
        parse(text)
            .multiply(BigDecimal.valueOf(factor))
            .divide(MEBI, 0, RoundingMode.CEILING)
            .max(BigDecimal.ONE)
            .min(MOST_MEBIBYTES);
    return mebibytes.toPlainString() + "Mi";
  }
}
