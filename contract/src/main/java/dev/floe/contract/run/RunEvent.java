package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a run. Over SSE: {@code id} is the event's id, {@code event} its type.
 *
 * @param sequence from 1 within the run, without gaps
 * @param type a job-launcher reason of {@link dev.floe.contract.EventReason}, for example {@code
 *     AttemptStarted}
 * @param state the run's state after it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunEvent(
    String runId,
    long sequence,
    String type,
    RunState state,
    int attempt,
    @Nullable Verdict verdict,
    String message,
    Instant time) {}
