package dev.floe.kit.rest;

import java.util.Optional;

/**
 * Tells text that databases, Kubernetes and processes can hold from text that they cannot: the
 * character NUL, and halves of surrogate pairs. Pure.
 */
public final class StorableText {
  private StorableText() {}

  /** What is wrong with a text and what to do, as a message about its field; empty: nothing. */
  public static Optional<String> problem(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of(
            "holds the character NUL at index %d, which cannot be stored; leave it out"
                .formatted(i));
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return Optional.of(
              "holds half of a surrogate pair at index %d, which is not a character; write both halves"
                  .formatted(i));
        }
        i++;
      }
    }
    return Optional.empty();
  }
}
