package dev.floe.platform.manifest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a value in a manifest may look like. */
public sealed interface Shape {
  /** Anything: kept as it is. */
  record Anything() implements Shape {}

  /** A known section that does not bear on deployment: kept and reported as a warning. */
  record Unused(String why) implements Shape {}

  /**
   * Text.
   *
   * @param words what the pattern means, for people
   */
  record Text(Pattern pattern, String words) implements Shape {}

  /** One of a few words. */
  record OneOf(List<String> values) implements Shape {}

  /** A whole number, bounds inclusive. */
  record Whole(long min, long max) implements Shape {}

  /** {@code true} or {@code false}. */
  record Truth() implements Shape {}

  /**
   * A list whose items look alike.
   *
   * @param max most items
   * @param unique key of the items, all mappings, that no two may have the same value for; null for
   *     none
   */
  record Items(Shape item, int max, @Nullable String unique) implements Shape {}

  /**
   * A mapping whose keys are names of the writer's choice.
   *
   * @param key what a key looks like
   */
  record Named(Text key, Shape value) implements Shape {}

  /** Text, or in its place a mapping that refers to it. */
  record TextOr(Text text, Fields reference) implements Shape {}

  /**
   * A mapping with known keys.
   *
   * @param descriptions what the keys mean, for people who write them
   * @param required keys that may not be missing
   * @param filled whether a known key that stands there must have a value
   */
  record Fields(
      Map<String, Shape> fields,
      Map<String, String> descriptions,
      Set<String> required,
      boolean filled)
      implements Shape {
    public Fields {
      fields = new LinkedHashMap<>(fields);
      descriptions = Map.copyOf(descriptions);
      required = Set.copyOf(required);
    }

    /** The same mapping with one more key, or another shape of one that it has. */
    public Fields with(String name, Shape shape) {
      var more = new LinkedHashMap<>(fields);
      more.put(name, shape);
      return new Fields(more, descriptions, required, filled);
    }

    /** The same mapping with one more key and what it means. */
    public Fields with(String name, Shape shape, String description) {
      var more = new LinkedHashMap<>(descriptions);
      more.put(name, description);
      return new Fields(with(name, shape).fields(), more, required, filled);
    }

    /** The same mapping in which these keys may not be missing. */
    public Fields requiring(String... names) {
      return new Fields(fields, descriptions, Set.of(names), filled);
    }

    /** The same mapping in which no known key may be left without a value. */
    public Fields allFilled() {
      return new Fields(fields, descriptions, required, true);
    }
  }

  /** Text of any kind, at most 4096 characters. */
  static Text text() {
    return matching("(?s).{0,4096}", "at most 4096 characters");
  }

  static Text matching(String pattern, String words) {
    return new Text(Pattern.compile(pattern), words);
  }

  /** A DNS label (RFC 1123) of at most {@code max} characters. */
  static Text label(int max) {
    return matching(
        "(?=.{1,%d}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?".formatted(max),
        "lower-case letters, digits and hyphens, at most %d characters".formatted(max));
  }

  /** A Kubernetes quantity. */
  static Text quantity() {
    return matching(
        "[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?",
        "a Kubernetes quantity, for example 500m or 1Gi");
  }

  /** The name of an image. */
  static Text image() {
    return matching(
        "[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,511}", "an image, for example registry.example.com/a/b:1");
  }

  /** {@code {secretRef: {name, key}}}. */
  static Fields secretRef() {
    var key = matching("[-._a-zA-Z0-9]{1,253}", "a key of a Secret");
    var reference =
        fields()
            .with("name", label(253), "Secret in the namespace of the platform")
            .with("key", key, "key of the Secret")
            .requiring("name", "key");
    return fields().with("secretRef", reference, "where the value stands").requiring("secretRef");
  }

  static Fields fields() {
    return new Fields(Map.of(), Map.of(), Set.of(), false);
  }
}
