package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A platform as it is now.
 *
 * @param release number of the last release
 * @param ready whether every component is
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
   * @param url where a person opens it, as far as this machine can
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ComponentStatus(
      String name,
      String kind,
      String type,
      @Nullable String version,
      boolean ready,
      String reason,
      @Nullable String message,
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
