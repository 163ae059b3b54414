package dev.floe.platform.runtime;

import java.util.HashMap;
import java.util.Map;

/**
 * The first line of each value: a Secret with tokens may hold several lines while they are rotated,
 * and the first is the one to send.
 */
public final class FirstLine {
  private FirstLine() {}

  public static Map<String, String> of(Map<String, String> values) {
    var first = new HashMap<String, String>();
    values.forEach((key, value) ->
        first.put(
            key,
            value
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("")));
    return first;
  }
}
