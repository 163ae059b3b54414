package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Job that a component ran once, as the rollout of a release saw it end.
 *
 * @param job its name, which ends with a hash of what it is
 * @param log the last lines of its pods
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobRunDetails(
    String component,
    String job,
    boolean succeeded,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    String log) {}
