package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An object that a release applied, or was about to apply when its replica died.
 *
 * @param tree as it was planned
 * @param uid that the API server gave it; null where nobody recorded it, and on one machine
 */
public record AppliedObject(ObjectNode tree, @Nullable String uid) {
  public ObjectKey key() {
    return ObjectKey.of(tree);
  }
}
