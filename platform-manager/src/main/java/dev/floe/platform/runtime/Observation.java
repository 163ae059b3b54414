package dev.floe.platform.runtime;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State of a component at one moment.
 *
 * @param ready whether every workload answers, with the configuration of its plan
 * @param available whether every workload answers, perhaps with an earlier configuration
 * @param failing whether it will hardly become ready by waiting: an image that cannot be pulled, a
 *     process that ends again and again
 * @param reason UpperCamelCase; {@code Ready} when ready
 * @param message for people; null when there is nothing to say
 * @param cause what keeps it from being ready, without the details that change between
 *     observations; empty when ready
 */
public record Observation(
    boolean ready,
    boolean available,
    boolean failing,
    String reason,
    @Nullable String message,
    String cause,
    List<WorkloadStatus> workloads) {

  /** Reason of a component that is ready. */
  public static final String READY = "Ready";

  public Observation {
    workloads = List.copyOf(workloads);
  }

  public static Observation ready(List<WorkloadStatus> workloads) {
    return new Observation(true, true, false, READY, null, "", workloads);
  }

  public static Observation waiting(
      String reason, @Nullable String message, List<WorkloadStatus> workloads) {
    return new Observation(false, false, false, reason, message, reason, workloads);
  }

  public static Observation failing(
      String reason, @Nullable String message, List<WorkloadStatus> workloads) {
    return new Observation(false, false, true, reason, message, reason, workloads);
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
    var cause =
        "%s/%s %s".formatted(worst.workload().kind(), worst.workload().name(), family(worst));
    boolean available = all.stream().allMatch(SeenWorkload::available);
    return new Observation(
        false, available, worst.failing(), worst.reason(), message, cause, workloads);
  }

  /** An image that cannot be pulled is reported under two reasons in turn. */
  private static String family(SeenWorkload workload) {
    return workload.reason().equals("ErrImagePull") ? "ImagePullBackOff" : workload.reason();
  }
}
