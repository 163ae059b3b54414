package dev.floe.platform.blueprint;

import static dev.floe.platform.blueprint.BlueprintFile.child;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.platform.blueprint.ScopeType.Entry;
import dev.floe.platform.blueprint.ScopeType.Mapping;
import dev.floe.platform.blueprint.ScopeType.Scalar;
import dev.floe.platform.blueprint.ScopeType.Several;
import dev.floe.platform.blueprint.ScopeType.Unknown;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds every placeholder, loop and condition of a file against what there will be, so that a wrong
 * one is found when the library is loaded and not when a manifest happens to reach it.
 */
final class PlaceholderCheck {
  private final BlueprintFile file;

  PlaceholderCheck(BlueprintFile file) {
    this.file = file;
  }

  /** Checks everything from a pointer on. */
  void check(JsonNode node, String pointer, Mapping scope) {
    check(node, pointer, scope, Set.of());
  }

  /**
   * The scope of what is repeated for each item of a list.
   *
   * @param path of the list
   */
  Mapping inside(String path, String pointer, Mapping scope) {
    var found = find(path, pointer, scope, Set.of(), true);
    return switch (found) {
      case null -> scope.with("item", new Unknown());
      case Several several -> scope.with("item", several.item());
      case Unknown unknown -> scope.with("item", unknown);
      default -> {
        file.problem(pointer, "%s is no list".formatted(path));
        yield scope.with("item", new Unknown());
      }
    };
  }

  /** Checks that a condition refers to something. */
  void condition(String path, String pointer, Mapping scope) {
    find(path, pointer, scope, Set.of(), true);
  }

  private void check(JsonNode node, String pointer, Mapping scope, Set<String> present) {
    if (node.isTextual()) {
      text(node.asText(), pointer, scope, present);
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        check(node.get(i), child(pointer, i), scope, present);
      }
    } else if (node.has("$forEach")) {
      var at = child(pointer, "$forEach");
      file.known(node, pointer, Set.of("$forEach", "$do"));
      check(
          node.path("$do"),
          child(pointer, "$do"),
          inside(node.path("$forEach").asText(), at, scope),
          present);
    } else if (node.has("$when")) {
      var path = node.path("$when").asText();
      file.known(node, pointer, Set.of("$when", "$do"));
      find(path, child(pointer, "$when"), scope, present, true);
      var there = new HashSet<>(present);
      there.add(path);
      check(node.path("$do"), child(pointer, "$do"), scope, there);
    } else {
      for (var entry : node.properties()) {
        var at = child(pointer, entry.getKey());
        text(entry.getKey(), at, scope, present);
        check(entry.getValue(), at, scope, present);
      }
    }
  }

  private void text(String text, String pointer, Mapping scope, Set<String> present) {
    for (var placeholder : TreeTemplate.placeholders(text)) {
      var found = find(placeholder.path(), pointer, scope, present, placeholder.optional());
      if (!placeholder.alone() && (found instanceof Mapping || found instanceof Several)) {
        file.problem(
            pointer,
            "${%s} is a list or a mapping and stands inside text".formatted(placeholder.path()));
      }
    }
  }

  /**
   * @param mayBeAbsent whether the place copes with what is not there
   * @return null when it refers to nothing, which is said then
   */
  private @Nullable ScopeType find(
      String path, String pointer, Mapping scope, Set<String> present, boolean mayBeAbsent) {
    ScopeType at = scope;
    var walked = new StringBuilder();
    for (var step : path.split("\\.", -1)) {
      switch (at) {
        case Unknown unknown -> {
          return unknown;
        }
        case Scalar ignored -> {
          file.problem(pointer, "${%s}: %s has nothing below it".formatted(path, walked));
          return null;
        }
        case Several ignored -> {
          file.problem(
              pointer, "${%s}: %s is a list; use $forEach and item".formatted(path, walked));
          return null;
        }
        case Mapping mapping -> {
          var entry = mapping.entries().get(step);
          if (entry == null) {
            var known = mapping.entries().keySet();
            file.problem(
                pointer,
                "${%s} refers to nothing%s; known%s are %s"
                    .formatted(
                        path,
                        BlueprintFile.meant(step, known),
                        walked.isEmpty() ? "" : " in " + walked,
                        BlueprintFile.sorted(known)));
            return null;
          }
          walked.append(walked.isEmpty() ? "" : ".").append(step);
          absent(entry, walked.toString(), path, pointer, present, mayBeAbsent);
          at = entry.type();
        }
      }
    }
    return at;
  }

  private void absent(
      Entry entry,
      String walked,
      String path,
      String pointer,
      Set<String> present,
      boolean mayBeAbsent) {
    if (entry.optional()
        && !mayBeAbsent
        && present.stream().noneMatch(one -> one.equals(walked) || one.startsWith(walked + "."))) {
      file.problem(
          pointer,
          "%s may be absent: write ${%s?}, put it under $when: %s, or give it a default"
              .formatted(walked, path, walked));
    }
  }
}
