package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.Names.Annotations;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.runtime.RolloutFailedException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the objects of a plan as planned, by server-side apply. Neither an object that somebody
 * else made nor a field that somebody else manages is taken over unless the plan says so. Fields
 * that an object yields ({@link Annotations#YIELDS}) are left as they are where others manage them:
 * the replicas of a Deployment to an autoscaler or to {@code kubectl scale}.
 */
final class PlannedApply {
  private static final String TAKE_OVER = "floe platform deploy -f MANIFEST --take-over";

  private final ClusterObjects objects;
  private final Plan plan;

  PlannedApply(ClusterObjects objects, Plan plan) {
    this.objects = objects;
    this.plan = plan;
  }

  /**
   * @throws RolloutFailedException naming the object or the fields that are somebody else's
   */
  void apply(ObjectNode tree) {
    var object = objects.typed(tree);
    if (plan.takeOver()) {
      objects.apply(object);
      return;
    }
    objects
        .live(object)
        .flatMap(live -> Ownership.foreign(live, plan.platform()))
        .ifPresent(why -> {
          throw new RolloutFailedException(
              "%s is there already and %s; remove it, or take it over: %s"
                  .formatted(ClusterObjects.name(object), why, TAKE_OVER));
        });
    try {
      applyYielding(tree, object, false);
    } catch (FieldConflictException e) {
      throw new RolloutFailedException(
          "others manage fields of %s: %s; write the same values into the manifest, or take them over: %s"
              .formatted(ClusterObjects.name(object), e.getMessage(), TAKE_OVER),
          e);
    }
  }

  /** What the object would become. Where fields are others', as if they were taken over. */
  HasMetadata dryRun(ObjectNode tree) {
    var object = objects.typed(tree);
    try {
      return plan.takeOver() ? objects.dryRun(object) : applyYielding(tree, object, true);
    } catch (FieldConflictException e) {
      return objects.dryRun(object);
    }
  }

  private HasMetadata applyYielding(ObjectNode tree, HasMetadata object, boolean dryRun) {
    try {
      return objects.applyUnforced(object, dryRun);
    } catch (FieldConflictException e) {
      var rest = without(tree, e.fields()).orElseThrow(() -> e);
      return objects.applyUnforced(objects.typed(rest), dryRun);
    }
  }

  /** The object without fields that it yields; empty where it does not yield all of them. */
  static Optional<ObjectNode> without(ObjectNode tree, List<String> fields) {
    var yields =
        Stream.of(
                tree.path("metadata")
                    .path("annotations")
                    .path(Annotations.YIELDS)
                    .asText()
                    .split(",", -1))
            .filter(pointer -> fields.contains(pointer.replace('/', '.')))
            .toList();
    if (yields.size() < fields.size()) {
      return Optional.empty();
    }
    var rest = tree.deepCopy();
    for (var pointer : yields) {
      var field = JsonPointer.compile(pointer);
      if (rest.at(field.head()) instanceof ObjectNode parent) {
        parent.remove(field.last().getMatchingProperty());
      }
    }
    return Optional.of(rest);
  }
}
