package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of a run.
 *
 * @param number from 1
 * @param name of the Job, or of the folder of a local process: {@code <run id>-<number>}
 * @param namespace of the Job; the domain's
 * @param pod the pod, where there was one
 * @param node where it ran
 * @param memory limit it ran with, where one was set
 * @param logBytes bytes of log kept
 * @param logTruncated whether a part of the log is not kept: it went over the cap, or could not be
 *     read or stored; a line in the log says where
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
    String runId,
    int number,
    AttemptState state,
    String name,
    String namespace,
    @Nullable String pod,
    @Nullable String node,
    @Nullable String memory,
    @Nullable Verdict verdict,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    long logBytes,
    boolean logTruncated) {}
