package dev.floe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document as a tree that knows where each value stands in its text. The positions are kept as a
 * tree of their own, so that their size grows with the number of values alone.
 */
public final class YamlDocument {
  private final JsonNode root;
  private final Place places;

  YamlDocument(JsonNode root, Place places) {
    this.root = root;
    this.places = places;
  }

  /** The tree; numbers are exact. */
  public JsonNode root() {
    return root;
  }

  /** Where the value at a JSON pointer begins. */
  public Optional<Position> value(String pointer) {
    return Optional.ofNullable(find(pointer)).map(Place::value);
  }

  /** Where the key that leads to a JSON pointer begins; where there is no key, its value. */
  public Optional<Position> key(String pointer) {
    return Optional.ofNullable(find(pointer))
        .map(place -> place.key() == null ? place.value() : place.key());
  }

  /** Where the value at a JSON pointer begins or, if there is none, its nearest parent's key. */
  public Position nearest(String pointer) {
    var exact = find(pointer);
    if (exact != null) {
      return exact.value();
    }
    var place = places;
    for (var step : steps(pointer)) {
      var child = place.child(step);
      if (child == null) {
        break;
      }
      place = child;
    }
    return place.key() == null ? place.value() : place.key();
  }

  private @Nullable Place find(String pointer) {
    var place = places;
    for (var step : steps(pointer)) {
      var child = place.child(step);
      if (child == null) {
        return null;
      }
      place = child;
    }
    return place;
  }

  private static List<String> steps(String pointer) {
    return pointer.length() < 2
        ? List.of()
        : List.of(pointer.substring(1).split("/", -1)).stream()
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList();
  }

  /**
   * Where one value stands.
   *
   * @param key of the mapping it is in; absent for items of a list and the root
   * @param fields by key, where it is a mapping
   * @param items where it is a list
   */
  record Place(
      @Nullable Position key,
      Position value,
      @Nullable Map<String, Place> fields,
      @Nullable List<Place> items) {
    /** The same value under another key. */
    Place at(@Nullable Position newKey, Position newValue) {
      return new Place(newKey, newValue, fields, items);
    }

    @Nullable Place child(String step) {
      if (fields != null) {
        return fields.get(step);
      }
      if (items != null && step.matches("0|[1-9][0-9]{0,8}")) {
        var index = Integer.parseInt(step);
        return index < items.size() ? items.get(index) : null;
      }
      return null;
    }
  }
}
