package dev.floe.telemetry.enrich;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a pod.
 *
 * @param ips its own addresses, one per IP family, in any spelling; empty where it has none yet or
 *     shares its node's
 * @param job the Job that owns it
 * @param run the run whose attempt it is, null for every pod that is not an attempt
 * @param finished whether its containers have ended: from then on its addresses may belong to
 *     another pod
 */
public record Pod(
    String uid,
    String namespace,
    String name,
    List<String> ips,
    @Nullable String node,
    @Nullable String job,
    @Nullable String domain,
    @Nullable String product,
    @Nullable String pipeline,
    @Nullable String run,
    @Nullable String attempt,
    boolean finished) {
  /** Copies the list of addresses. */
  public Pod {
    ips = List.copyOf(ips);
  }

  /**
   * @return the same pod, finished
   */
  Pod ended() {
    return new Pod(
        uid, namespace, name, ips, node, job, domain, product, pipeline, run, attempt, true);
  }
}
