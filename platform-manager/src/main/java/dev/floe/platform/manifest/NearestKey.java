package dev.floe.platform.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody may have meant: the known word at the smallest editing distance. */
public final class NearestKey {
  private NearestKey() {}

  /** The nearest of the known words, where it is near enough to be a slip. */
  public static Optional<String> of(String written, Collection<String> known) {
    var plain = plain(written);
    record Candidate(String word, int distance) {}
    return known.stream()
        .map(word -> new Candidate(word, distance(plain, plain(word))))
        .filter(candidate -> candidate.distance() <= Math.max(1, plain.length() / 3))
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
        .map(Candidate::word);
  }

  /** {@code connectionSecretRef}, {@code connection-secret-ref}: the same slip of habit. */
  private static String plain(String word) {
    return word.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      var swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
