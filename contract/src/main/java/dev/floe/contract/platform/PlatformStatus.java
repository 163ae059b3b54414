package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A platform as it is now.
 *
 * @param release number of the last release
 * @param ready whether every component is available and runs as the release says
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlatformStatus(
    String platform,
    int release,
    ReleaseState state,
    @Nullable String message,
    boolean ready,
    List<ComponentStatus> components) {
  public PlatformStatus {
    components = List.copyOf(components);
  }

  /**
   * One component as it is now.
   *
   * @param kind the manifest's plugin key
   * @param type the blueprint, for example {@code dagster}
   * @param ready whether it is available and runs as the release that is shown says
   * @param available whether it serves now, perhaps with an earlier configuration
   * @param observedAt when it was last seen, by the database's clock; null before the first time.
   *     While the runtime cannot be reached, everything else here is as it was then
   * @param url where a person opens it, as far as this machine can
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ComponentStatus(
      String name,
      String kind,
      String type,
      @Nullable String version,
      boolean ready,
      boolean available,
      String reason,
      @Nullable String message,
      @Nullable Instant observedAt,
      @Nullable String url,
      List<WorkloadStatus> workloads) {
    public ComponentStatus {
      workloads = List.copyOf(workloads);
    }
  }

  /**
   * One workload of a component.
   *
   * @param kind Deployment, StatefulSet or Process
   * @param ready replicas that answer
   * @param desired replicas wanted
   * @param restarts since the workload was started
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WorkloadStatus(
      String kind, String name, int ready, int desired, int restarts, @Nullable String message) {}
}
