package dev.floe.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the known words that a mistyped one is close to. */
final class NearestWords {
  private static final int DISTANCE_MAX = 2;
  private static final int WORDS_MAX = 3;

  private NearestWords() {}

  /**
   * Words within an edit distance of two, and of half the word's length; the nearest first, at most
   * three.
   */
  static List<String> of(String word, Collection<String> known) {
    var wanted = word.toLowerCase(Locale.ROOT);
    var allowed = Math.min(DISTANCE_MAX, wanted.length() / 2);
    return known.stream()
        .filter(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)) <= allowed)
        .sorted(
            Comparator.<String>comparingInt(
                    candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(WORDS_MAX)
        .toList();
  }

  /**
   * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count
   * one each.
   */
  static int distance(String left, String right) {
    var rows = new int[left.length() + 1][right.length() + 1];
    for (var i = 0; i <= left.length(); i++) {
      for (var j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        var cost = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        var least = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
        least = Math.min(least, rows[i - 1][j - 1] + cost);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          least = Math.min(least, rows[i - 2][j - 2] + 1);
        }
        rows[i][j] = least;
      }
    }
    return rows[left.length()][right.length()];
  }
}
