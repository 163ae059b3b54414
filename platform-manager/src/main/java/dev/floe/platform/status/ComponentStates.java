package dev.floe.platform.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformWriter;
import dev.floe.platform.status.ComponentStore.Before;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers how each component was last seen, and tells when that changes. */
@ApplicationScoped
public class ComponentStates {
  private static final TypeReference<List<WorkloadStatus>> WORKLOADS = new TypeReference<>() {};

  private final ComponentStore store;
  private final PlatformWriter runtime;
  private final ObjectMapper json;

  ComponentStates(ComponentStore store, PlatformWriter runtime, ObjectMapper json) {
    this.store = store;
    this.runtime = runtime;
    this.json = json;
  }

  /** A component as it was last seen. */
  public record Seen(
      boolean ready,
      boolean available,
      String reason,
      @Nullable String message,
      List<WorkloadStatus> workloads,
      @Nullable Instant observedAt) {
    /** One that no look has come to yet. */
    public static final Seen NEVER = new Seen(false, false, "NotStarted", null, List.of(), null);
  }

  /** Every component of a platform that was ever seen, by name. */
  public Uni<Map<String, Seen>> of(String platform) {
    return Panache.withSession(() -> store.all(platform))
        .map(rows -> {
          var seen = new HashMap<String, Seen>();
          rows.forEach(row ->
              seen.put(
                  row.name,
                  new Seen(
                      row.ready,
                      row.available,
                      row.reason,
                      row.message,
                      read(row.workloads),
                      row.checkedAt)));
          return seen;
        });
  }

  /**
   * Remembers what was seen. An Event goes out when a component has become ready, and when one that
   * was available serves no longer.
   */
  public Uni<Void> remember(Plan plan, PlannedComponent component, Observation seen) {
    return Panache.withTransaction(() ->
            store.put(
                plan.platform(),
                component.name(),
                seen.ready(),
                seen.available(),
                seen.reason(),
                seen.message(),
                write(seen.workloads())))
        .invoke(before -> {
          if (seen.ready() && !before.map(Before::ready).orElse(false)) {
            runtime.emit(plan, EventReason.COMPONENT_READY, component.name() + " is ready");
          } else if (!seen.available() && before.map(Before::available).orElse(false)) {
            runtime.emit(
                plan,
                EventReason.COMPONENT_DEGRADED,
                "%s: %s%s"
                    .formatted(
                        component.name(),
                        seen.reason(),
                        seen.message() == null ? "" : ", " + seen.message()));
          }
        })
        .replaceWithVoid();
  }

  /**
   * Forgets components that the plan no longer has, so that they are not ready when they return.
   */
  Uni<Void> forgetOthers(Plan plan) {
    var names = plan.components().stream().map(PlannedComponent::name).toList();
    return names.isEmpty()
        ? Uni.createFrom().voidItem()
        : Panache.withTransaction(() -> store.keep(plan.platform(), names)).replaceWithVoid();
  }

  /**
   * Says of a platform's components that they cannot be observed now. An outage of the runtime is
   * no news about a component: one that was ready stays ready.
   *
   * @param why for people, without the time of the last observation
   */
  public Uni<Void> unreachable(String platform, String why) {
    return Panache.withTransaction(() -> store.unreachable(platform, "", why)).replaceWithVoid();
  }

  /** The same of one component. */
  Uni<Void> unreachable(String platform, String component, String why) {
    return Panache.withTransaction(() -> store.unreachable(platform, component, why))
        .replaceWithVoid();
  }

  /** Platforms that are due for a look and that no other replica takes. */
  Uni<List<String>> claimDue(Duration interval, int limit) {
    return Panache.withTransaction(() -> store.claimDue(interval, limit));
  }

  private List<WorkloadStatus> read(String text) {
    try {
      return json.readValue(text, WORKLOADS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(List<WorkloadStatus> workloads) {
    try {
      return json.writeValueAsString(workloads);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
