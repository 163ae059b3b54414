package dev.floe.platform.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers how each component was last seen, and tells when that changes. */
@ApplicationScoped
public class ComponentStates {
  private static final TypeReference<List<WorkloadStatus>> WORKLOADS = new TypeReference<>() {};

  private final ComponentStore store;
  private final PlatformRuntime runtime;
  private final ObjectMapper json;

  ComponentStates(ComponentStore store, PlatformRuntime runtime, ObjectMapper json) {
    this.store = store;
    this.runtime = runtime;
    this.json = json;
  }

  /** A component as it was last seen. */
  public record Seen(
      boolean ready, String reason, @Nullable String message, List<WorkloadStatus> workloads) {
    /** One that no look has come to yet. */
    public static final Seen NEVER = new Seen(false, "NotStarted", null, List.of());
  }

  /** Every component of a platform that was ever seen, by name. */
  public Uni<Map<String, Seen>> of(String platform) {
    return Panache.withSession(() -> store.all(platform))
        .map(rows -> {
          var seen = new HashMap<String, Seen>();
          rows.forEach(row ->
              seen.put(
                  row.name, new Seen(row.ready, row.reason, row.message, read(row.workloads))));
          return seen;
        });
  }

  /** Remembers what was seen; an Event goes out when readiness has changed. */
  public Uni<Void> remember(Plan plan, PlannedComponent component, Observation seen) {
    return Panache.withTransaction(() ->
            store.put(
                plan.platform(),
                component.name(),
                seen.ready(),
                seen.reason(),
                seen.message(),
                write(seen.workloads())))
        .invoke(before -> {
          if (seen.ready() && !before.orElse(false)) {
            runtime.emit(plan, EventReason.COMPONENT_READY, component.name() + " is ready");
          } else if (!seen.ready() && before.orElse(false)) {
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
