package dev.floe.yaml;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a text.
 *
 * @param pointer JSON pointer (RFC 6901); {@code /} where it concerns the whole text
 * @param message what is wrong and what to write instead
 * @param position where; absent where it concerns the whole text
 */
public record YamlProblem(String pointer, String message, @Nullable Position position) {}
