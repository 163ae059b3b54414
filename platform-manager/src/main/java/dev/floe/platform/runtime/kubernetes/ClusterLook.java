package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformLook;
import dev.floe.platform.runtime.SeenWorkload;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One look at a platform in a cluster: every kind is listed at most once. Only what is not well
 * costs more, a call for the Events of each such object.
 */
final class ClusterLook implements PlatformLook {
  private final ClusterObjects objects;
  private final ClusterSnapshot snapshot;
  private final ClusterJobs jobs;

  ClusterLook(ClusterObjects objects, Plan plan) {
    this.objects = objects;
    this.snapshot = new ClusterSnapshot(objects, plan.platform(), plan.namespace());
    this.jobs = new ClusterJobs(objects, plan.platform());
  }

  @Override
  public Observation observe(PlannedComponent component) {
    var all = new ArrayList<SeenWorkload>();
    for (var tree : component.objects()) {
      workload(tree).ifPresent(all::add);
    }
    return Observation.of(all);
  }

  /** Empty where the object is ready once it is there. */
  private Optional<SeenWorkload> workload(ObjectNode tree) {
    return switch (objects.typed(tree)) {
      case Deployment deployment ->
          Optional.of(
              snapshot
                  .live(deployment)
                  .map(this::observe)
                  .orElseGet(() ->
                      WorkloadReadiness.absent("Deployment", deployment.getMetadata().getName())));
      case StatefulSet set ->
          Optional.of(
              snapshot
                  .live(set)
                  .map(this::observe)
                  .orElseGet(
                      () -> WorkloadReadiness.absent("StatefulSet", set.getMetadata().getName())));
      case Job job ->
          Optional.of(
              snapshot
                  .live(job)
                  .map(live -> jobs.observe(live, snapshot, this::events))
                  .orElseGet(() -> ObjectReadiness.absent(tree)));
      case HasMetadata other when ObjectReadiness.matters(tree) ->
          Optional.of(
              snapshot
                  .live(other)
                  .map(live -> ObjectReadiness.of(objects.tree(live)))
                  .orElseGet(() -> ObjectReadiness.absent(tree)));
      default -> Optional.empty();
    };
  }

  private SeenWorkload observe(Deployment live) {
    var labels = live.getSpec().getSelector().getMatchLabels();
    // Only a Deployment that is not ready is asked which of its pods are the new ones.
    var sets =
        WorkloadReadiness.isReady(live) ? List.<ReplicaSet>of() : snapshot.replicaSets(labels);
    return WorkloadReadiness.of(live, sets, snapshot.pods(labels));
  }

  private SeenWorkload observe(StatefulSet live) {
    var events = WorkloadReadiness.lacksPods(live) ? events(live) : List.<Event>of();
    return WorkloadReadiness.of(
        live, snapshot.pods(live.getSpec().getSelector().getMatchLabels()), events);
  }

  private List<Event> events(HasMetadata regarding) {
    return ClusterObjects.call(
        "listing Events",
        () ->
            objects
                .client()
                .v1()
                .events()
                .inNamespace(regarding.getMetadata().getNamespace())
                .withField("involvedObject.uid", regarding.getMetadata().getUid())
                .list()
                .getItems());
  }
}
