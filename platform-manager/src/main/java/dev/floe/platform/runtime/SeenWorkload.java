package dev.floe.platform.runtime;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.yaml.SecretWords;

/**
 * One workload of a component as it was seen, or another object that a component waits for.
 *
 * @param ready whether it answers, with the configuration of its plan
 * @param available whether it serves now, perhaps with an earlier configuration; true of what does
 *     not serve, like a Job
 * @param failing whether it will hardly become ready by waiting
 * @param reason UpperCamelCase
 */
public record SeenWorkload(
    boolean ready, boolean available, boolean failing, String reason, WorkloadStatus workload) {
  /** One that serves while at least one of its replicas is ready. */
  public SeenWorkload(boolean ready, boolean failing, String reason, WorkloadStatus workload) {
    this(ready, workload.desired() == 0 ? ready : workload.ready() > 0, failing, reason, workload);
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
