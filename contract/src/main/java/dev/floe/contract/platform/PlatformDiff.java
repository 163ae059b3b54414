package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy of a manifest would change, object by object. Values of Secrets never stand here.
 */
public record PlatformDiff(String platform, List<ObjectChange> changes) {
  public PlatformDiff {
    changes = List.copyOf(changes);
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
   * @param pointer JSON pointer into the object
   * @param before absent where the field would be new
   * @param after absent where the field would go
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FieldChange(String pointer, @Nullable String before, @Nullable String after) {}
}
