package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One numbered, immutable revision of a platform and how its rollout went.
 *
 * @param number from 1
 * @param message what went wrong, or what it waits for
 * @param componentsReady how many of its components are ready; not counted while it removes them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Release(
    String platform,
    int number,
    ReleaseState state,
    @Nullable String version,
    @Nullable String message,
    int componentsReady,
    int components,
    Instant createdAt,
    @Nullable Instant finishedAt) {}
