package dev.floe.platform.blueprint;

import dev.floe.platform.manifest.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a placeholder may refer to. */
sealed interface ScopeType {
  /** Text, a number or a truth value. */
  record Scalar() implements ScopeType {}

  /** Whatever: what is below is not known. */
  record Unknown() implements ScopeType {}

  /** A list whose items look alike. */
  record Several(ScopeType item) implements ScopeType {}

  /** A mapping. */
  record Mapping(Map<String, Entry> entries) implements ScopeType {
    public Mapping {
      entries = new LinkedHashMap<>(entries);
    }

    Mapping with(String name, ScopeType type) {
      return with(name, new Entry(type, false));
    }

    Mapping with(String name, Entry entry) {
      var more = new LinkedHashMap<>(entries);
      more.put(name, entry);
      return new Mapping(more);
    }
  }

  /**
   * A value of a mapping.
   *
   * @param optional whether it may be absent
   */
  record Entry(ScopeType type, boolean optional) {}

  static Mapping mapping() {
    return new Mapping(Map.of());
  }

  static Mapping scalars(String... names) {
    var mapping = mapping();
    for (var name : names) {
      mapping = mapping.with(name, new Scalar());
    }
    return mapping;
  }

  /**
   * @param defaults keys that have a value where the manifest leaves them out
   */
  static ScopeType of(Shape shape, Set<String> defaults) {
    return switch (shape) {
      case Shape.Fields fields -> {
        var mapping = mapping();
        for (var field : fields.fields().entrySet()) {
          boolean there =
              fields.required().contains(field.getKey()) || defaults.contains(field.getKey());
          mapping = mapping.with(field.getKey(), new Entry(of(field.getValue(), Set.of()), !there));
        }
        yield mapping;
      }
      case Shape.Items items -> new Several(of(items.item(), Set.of()));
      case Shape.Named ignored -> new Unknown();
      case Shape.Anything ignored -> new Unknown();
      case Shape.Unused ignored -> new Unknown();
      case Shape.TextOr ignored -> new Unknown();
      case Shape.Text ignored -> new Scalar();
      case Shape.OneOf ignored -> new Scalar();
      case Shape.Whole ignored -> new Scalar();
      case Shape.Truth ignored -> new Scalar();
    };
  }
}
