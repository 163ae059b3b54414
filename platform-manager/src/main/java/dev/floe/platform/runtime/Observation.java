package dev.floe.platform.runtime;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A component as it was seen.
 *
 * @param ready whether every workload answers, with the configuration of its plan
 * @param failing whether it will hardly become ready by waiting: an image that cannot be pulled, a
 *     process that ends again and again
 * @param reason UpperCamelCase; {@code Ready} when ready
 * @param message for people; null when there is nothing to say
 */
public record Observation(
    boolean ready,
    boolean failing,
    String reason,
    @Nullable String message,
    List<WorkloadStatus> workloads) {

  /** Reason of a component that is ready. */
  public static final String READY = "Ready";

  public Observation {
    workloads = List.copyOf(workloads);
  }

  public static Observation ready(List<WorkloadStatus> workloads) {
    return new Observation(true, false, READY, null, workloads);
  }

  public static Observation waiting(
      String reason, @Nullable String message, List<WorkloadStatus> workloads) {
    return new Observation(false, false, reason, message, workloads);
  }

  public static Observation failing(
      String reason, @Nullable String message, List<WorkloadStatus> workloads) {
    return new Observation(false, true, reason, message, workloads);
  }
}
