package dev.floe.yaml;

/**
 * How much is read.
 *
 * @param characters longest text, in UTF-16 units
 * @param depth deepest nesting of mappings and lists
 * @param values most values, after aliases are resolved
 * @param path longest path to a value: the characters of the keys that lead to it, together
 * @param problems most problems that are reported one by one
 */
public record YamlLimits(int characters, int depth, int values, int path, int problems) {
  /** Enough for any file that a person writes. */
  public static final YamlLimits USUAL = new YamlLimits(1_000_000, 50, 50_000, 4_000, 100);

  /** The same with another length of the text. */
  public YamlLimits characters(int most) {
    return new YamlLimits(most, depth, values, path, problems);
  }
}
