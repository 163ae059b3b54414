package dev.floe.launcher.runtime;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.run.RunRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a runtime needs to start one attempt; the same for every runtime.
 *
 * @param ref which attempt
 * @param epoch grows with every claim; fences a claimant that woke up late
 * @param request what the caller asked for
 * @param env the whole environment: the caller's, the bindings', floe's own
 * @param memory Kubernetes quantity; may be more than the request's after an OOM
 * @param timeout of this attempt
 * @param traceparent of the attempt's span (W3C)
 */
public record AttemptSpec(
    AttemptRef ref,
    long epoch,
    RunRequest request,
    List<EnvVar> env,
    @Nullable String memory,
    Duration timeout,
    String traceparent) {
  public AttemptSpec {
    env = List.copyOf(env);
  }
}
