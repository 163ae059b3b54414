package dev.floe.platform.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.contract.problem.Problem.FieldError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document as a tree that remembers where each value stands in its text.
 *
 * @param root of the tree
 * @param values position of each value, by JSON pointer
 * @param keys position of each key of a mapping, by JSON pointer of its value
 */
public record SourceTree(JsonNode root, Map<String, Position> values, Map<String, Position> keys) {

  /** An error about the value at a pointer. */
  public FieldError error(String pointer, String message) {
    return at(values.get(pointer), pointer, message);
  }

  /** An error about the key that leads to a pointer. */
  public FieldError keyError(String pointer, String message) {
    return at(keys.getOrDefault(pointer, values.get(pointer)), pointer, message);
  }

  /** The pointer of a child. */
  public static String child(String pointer, String key) {
    return pointer + JsonPointer.empty().appendProperty(key);
  }

  /** The pointer of an item of a list. */
  public static String child(String pointer, int index) {
    return pointer + "/" + index;
  }

  private static FieldError at(@Nullable Position position, String pointer, String message) {
    var shown = pointer.isEmpty() ? "/" : pointer;
    return position == null
        ? FieldError.of(shown, message)
        : new FieldError(shown, message, position.line(), position.column());
  }
}
