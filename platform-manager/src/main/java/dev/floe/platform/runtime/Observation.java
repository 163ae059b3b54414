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

  /** A component made of workloads: as ready as all of them, as bad as the worst. */
  public static Observation of(List<SeenWorkload> all) {
    var workloads = all.stream().map(SeenWorkload::workload).toList();
    var worst =
        all.stream()
            .filter(seen -> !seen.ready())
            .min((a, b) -> Boolean.compare(b.failing(), a.failing()))
            .orElse(null);
    if (worst == null) {
      return ready(workloads);
    }
    var message = worst.workload().name() + ": " + worst.workload().message();
    return new Observation(false, worst.failing(), worst.reason(), message, workloads);
  }
}
