package dev.floe.platform.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.kit.problem.FloeException;
import dev.floe.yaml.Position;
import dev.floe.yaml.SecretWords;
import dev.floe.yaml.YamlDocument;
import dev.floe.yaml.YamlException;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import org.jspecify.annotations.Nullable;

/** A manifest as a tree that remembers where each value stands in its text. */
final class SourceTree {
  private static final YamlReader READER =
      YamlReader.of(YamlLimits.USUAL).hiding(SecretWords::names);

  private final YamlDocument document;

  private SourceTree(YamlDocument document) {
    this.document = document;
  }

  /**
   * Reads a manifest.
   *
   * @throws FloeException naming everything that keeps it from being read, with line and column
   */
  static SourceTree read(String text) {
    try {
      return new SourceTree(READER.read(text));
    } catch (YamlException e) {
      throw FloeException.invalid(
          e.problems().stream()
              .map(problem -> at(problem.position(), problem.pointer(), problem.message()))
              .toList());
    }
  }

  JsonNode root() {
    return document.root();
  }

  /** An error about the value at a pointer. */
  FieldError error(String pointer, String message) {
    return at(document.value(pointer).orElse(null), pointer, message);
  }

  /** An error about the key that leads to a pointer. */
  FieldError keyError(String pointer, String message) {
    return at(document.key(pointer).orElse(null), pointer, message);
  }

  /** The pointer of a child. */
  static String child(String pointer, String key) {
    return pointer + JsonPointer.empty().appendProperty(key);
  }

  /** The pointer of an item of a list. */
  static String child(String pointer, int index) {
    return pointer + "/" + index;
  }

  private static FieldError at(@Nullable Position position, String pointer, String message) {
    var shown = pointer.isEmpty() ? "/" : pointer;
    return position == null
        ? FieldError.of(shown, message)
        : new FieldError(shown, message, position.line(), position.column());
  }
}
