package dev.floe.platform.runtime;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.yaml.SecretWords;

/**
 * One workload of a component as it was seen.
 *
 * @param ready whether it answers, with the configuration of its plan
 * @param failing whether it will hardly become ready by waiting
 * @param reason UpperCamelCase
 */
public record SeenWorkload(boolean ready, boolean failing, String reason, WorkloadStatus workload) {
  /** Whether it serves now, perhaps with an earlier configuration. */
  public boolean available() {
    return workload.desired() == 0 ? ready : workload.ready() > 0;
  }

  /** Messages quote logs of the workload. */
  public SeenWorkload {
    var message = workload.message();
    if (message != null) {
      workload =
          new WorkloadStatus(
              workload.kind(),
              workload.name(),
              workload.ready(),
              workload.desired(),
              workload.restarts(),
              SecretWords.redacted(message));
    }
  }
}
