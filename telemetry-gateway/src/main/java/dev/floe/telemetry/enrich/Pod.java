package dev.floe.telemetry.enrich;

import org.jspecify.annotations.Nullable;

/**
 * What is known about a pod.
 *
 * @param ip its own address; null where it has none yet, or shares its node's
 * @param job the Job that owns it
 * @param run the run whose attempt it is, null for every pod that is no attempt
 * @param finished whether its containers have ended, so that its address may be another's by now
 */
public record Pod(
    String uid,
    String namespace,
    String name,
    @Nullable String ip,
    @Nullable String node,
    @Nullable String job,
    @Nullable String domain,
    @Nullable String product,
    @Nullable String pipeline,
    @Nullable String run,
    @Nullable String attempt,
    boolean finished) {}
