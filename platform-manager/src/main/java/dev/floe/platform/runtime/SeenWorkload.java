package dev.floe.platform.runtime;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;

/**
 * One workload of a component as it was seen.
 *
 * @param ready whether it answers, with the configuration of its plan
 * @param failing whether it will hardly become ready by waiting
 * @param reason UpperCamelCase
 */
public record SeenWorkload(
    boolean ready, boolean failing, String reason, WorkloadStatus workload) {}
