package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy of a manifest would change, object by object. Values of Secrets never stand here.
 *
 * @param warnings about the manifest
 */
public record PlatformDiff(String platform, List<ObjectChange> changes, List<String> warnings) {
  public PlatformDiff {
    changes = List.copyOf(changes);
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** What would happen to an object. */
  public enum Action {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * One object that would change.
   *
   * @param object {@code Kind/namespace/name}, or {@code Process/component/name} in local mode
   * @param fields what differs; empty for creations and deletions
   */
  public record ObjectChange(
      Action action, String object, String component, List<FieldChange> fields) {
    public ObjectChange {
      fields = List.copyOf(fields);
    }
  }

  /**
   * One field that differs.
   *
   * @param pointer JSON pointer into the object; items of a list that have names are {@code
   *     [name=…]}, and a place in a long text is {@code (line …)} after it
   * @param before absent where the field would be new
   * @param after absent where the field would go
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FieldChange(String pointer, @Nullable String before, @Nullable String after) {}
}
