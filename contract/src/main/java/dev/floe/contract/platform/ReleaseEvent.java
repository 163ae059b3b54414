package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a rollout. Over SSE: {@code id} is the sequence.
 *
 * @param sequence from 1 within the release, without gaps
 * @param type for example {@code ReleaseStarted}, {@code ObjectApplied}, {@code ComponentReady}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseEvent(
    String platform,
    int release,
    long sequence,
    String type,
    ReleaseState state,
    @Nullable String component,
    String message,
    Instant time) {}
