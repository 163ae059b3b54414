package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run as job-launcher answers it.
 *
 * @param id 26 characters of Crockford's base 32, lower case, ordered by time
 * @param waitingFor why a queued run waits: {@code capacity}, {@code
 *     platform-not-ready:<component>}, {@code platform-unknown}, {@code
 *     platform-manager-unreachable}, {@code quota}, {@code backoff}
 * @param attempt number of the present or last attempt, 0 before the first
 * @param verdict how the run ended, or how its last attempt did while it is RETRYING
 * @param idempotencyKey the key it was submitted with
 * @param version grows with every change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Run(
    String id,
    RunState state,
    @Nullable String waitingFor,
    RunRequest request,
    int attempt,
    @Nullable Verdict verdict,
    @Nullable String idempotencyKey,
    String traceId,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextAttemptAt,
    long version) {}
