package dev.floe.platform.blueprint;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.BlueprintProblem;
import dev.floe.platform.manifest.NearestKey;
import dev.floe.yaml.YamlDocument;
import dev.floe.yaml.YamlException;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A YAML file of a blueprint, with the place of each value; collects what is wrong with it. */
final class BlueprintFile {
  private final String name;
  private final YamlDocument document;
  private final List<BlueprintProblem> problems;

  private BlueprintFile(String name, YamlDocument document, List<BlueprintProblem> problems) {
    this.name = name;
    this.document = document;
    this.problems = problems;
  }

  /**
   * @param name path in the folder of blueprints
   * @param problems to which everything that is wrong is added
   * @return empty when it is no YAML
   */
  static Optional<BlueprintFile> read(String name, String text, List<BlueprintProblem> problems) {
    try {
      return Optional.of(
          new BlueprintFile(name, YamlReader.of(YamlLimits.USUAL).read(text), problems));
    } catch (YamlException e) {
      for (var problem : e.problems()) {
        var at = problem.position();
        problems.add(
            new BlueprintProblem(
                name, at == null ? 1 : at.line(), at == null ? 1 : at.column(), problem.message()));
      }
      return Optional.empty();
    }
  }

  String name() {
    return name;
  }

  JsonNode root() {
    return document.root();
  }

  /** Something is wrong with the value at a pointer. */
  void problem(String pointer, String message) {
    var at = document.nearest(pointer);
    problems.add(new BlueprintProblem(name, at.line(), at.column(), message));
  }

  /** Something is wrong with the key that leads to a pointer. */
  void keyProblem(String pointer, String message) {
    var at = document.key(pointer).orElseGet(() -> document.nearest(pointer));
    problems.add(new BlueprintProblem(name, at.line(), at.column(), message));
  }

  /** Names each key of a mapping that is not known; whether it is a mapping at all. */
  boolean known(JsonNode value, String pointer, Collection<String> keys) {
    if (!(value instanceof ObjectNode mapping)) {
      problem(pointer, "must be a mapping with the keys " + sorted(keys));
      return false;
    }
    for (var entry : mapping.properties()) {
      if (!keys.contains(entry.getKey())) {
        keyProblem(
            child(pointer, entry.getKey()),
            "unknown key '%s'%s; known are %s"
                .formatted(entry.getKey(), meant(entry.getKey(), keys), sorted(keys)));
      }
    }
    return true;
  }

  static String meant(String written, Collection<String> known) {
    return NearestKey.of(written, known)
        .map(word -> "; did you mean '%s'?".formatted(word))
        .orElse("");
  }

  static String sorted(Collection<String> words) {
    return String.join(", ", words.stream().sorted().toList());
  }

  static String child(String pointer, String key) {
    return pointer + JsonPointer.empty().appendProperty(key);
  }

  static String child(String pointer, int index) {
    return pointer + "/" + index;
  }

  /** The texts of a list, each of which must be one. */
  List<String> texts(JsonNode list, String pointer) {
    var texts = new ArrayList<String>();
    if (list.isMissingNode()) {
      return texts;
    }
    if (!list.isArray()) {
      problem(pointer, "must be a list");
      return texts;
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).isTextual()) {
        texts.add(list.get(i).asText());
      } else {
        problem(child(pointer, i), "must be text");
      }
    }
    return texts;
  }
}
