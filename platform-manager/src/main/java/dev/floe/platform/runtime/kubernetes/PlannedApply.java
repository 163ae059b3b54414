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
 * else made nor a field that somebody else manages is taken over unless the plan says so.
 *
 * <p>Fields that an object yields ({@link Annotations#YIELDS}) are left as they are once others
 * have changed them: the replicas of a Deployment to an autoscaler or to {@code kubectl scale}.
 * That shows in that floe does not manage the field any more; the API server may name no other
 * manager.
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
   * @return the object as it is now
   * @throws RolloutFailedException naming the object or the fields that are somebody else's
   */
  HasMetadata apply(ObjectNode tree) {
    var object = objects.typed(tree);
    if (plan.takeOver()) {
      return objects.apply(object);
    }
    var live = objects.live(object);
    live.flatMap(one -> Ownership.foreign(one, plan.platform()))
        .ifPresent(why -> {
          throw new RolloutFailedException(
              "%s is there already and %s; remove it, or take it over: %s"
                  .formatted(ClusterObjects.name(object), why, TAKE_OVER));
        });
    try {
      return applyYielding(live.map(one -> yielding(tree, one)).orElse(tree), false);
    } catch (FieldConflictException e) {
      throw new RolloutFailedException(
          "others manage fields of %s: %s; write the same values into the manifest, or take them over: %s"
              .formatted(ClusterObjects.name(object), e.getMessage(), TAKE_OVER),
          e);
    }
  }

  /**
   * What the object would become. Where fields are others', as if they were taken over.
   *
   * @param live as it is now
   */
  HasMetadata dryRun(ObjectNode tree, HasMetadata live) {
    var object = objects.typed(tree);
    try {
      return plan.takeOver() ? objects.dryRun(object) : applyYielding(yielding(tree, live), true);
    } catch (FieldConflictException e) {
      return objects.dryRun(object);
    }
  }

  /** Others may change a field between its being read and being applied. */
  private HasMetadata applyYielding(ObjectNode tree, boolean dryRun) {
    try {
      return objects.applyUnforced(objects.typed(tree), dryRun);
    } catch (FieldConflictException e) {
      var rest = leaving(tree, e.fields()).orElseThrow(() -> e);
      return objects.applyUnforced(objects.typed(rest), dryRun);
    }
  }

  /** The object without the fields that it yields and that floe does not manage any more. */
  private static ObjectNode yielding(ObjectNode tree, HasMetadata live) {
    return without(
        tree, yields(tree).filter(pointer -> !Ownership.manages(live, pointer)).toList());
  }

  /**
   * The object without fields that are others'.
   *
   * @param fields as the API server writes them, for example {@code .spec.replicas}
   * @return empty where the object does not yield all of them
   */
  private static Optional<ObjectNode> leaving(ObjectNode tree, List<String> fields) {
    var yielded =
        yields(tree).filter(pointer -> fields.contains(pointer.replace('/', '.'))).toList();
    return yielded.size() < fields.size() ? Optional.empty() : Optional.of(without(tree, yielded));
  }

  private static Stream<String> yields(ObjectNode tree) {
    var pointers = tree.path("metadata").path("annotations").path(Annotations.YIELDS).asText();
    return Stream.of(pointers.split(",", -1)).filter(pointer -> !pointer.isEmpty());
  }

  private static ObjectNode without(ObjectNode tree, List<String> pointers) {
    var rest = tree.deepCopy();
    for (var pointer : pointers) {
      var field = JsonPointer.compile(pointer);
      if (rest.at(field.head()) instanceof ObjectNode parent) {
        parent.remove(field.last().getMatchingProperty());
      }
    }
    return rest;
  }
}
