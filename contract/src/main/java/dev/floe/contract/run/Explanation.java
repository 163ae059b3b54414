package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a run is where it is, and what to do next.
 *
 * @param summary one sentence
 * @param cause what lies behind it; the verdict's message or the waiting reason in words
 * @param nextActions what to do, most useful first; commands where there are some
 * @param retries what is left of each budget, in words; absent when nothing is left to retry
 * @param logTail last lines of the last attempt's log, at most 20; empty where the log says nothing
 *     about it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Explanation(
    String runId,
    RunState state,
    String summary,
    @Nullable String cause,
    @Nullable Verdict verdict,
    List<String> nextActions,
    @Nullable String retries,
    @Nullable Instant nextAttemptAt,
    List<String> logTail) {
  public Explanation {
    nextActions = nextActions == null ? List.of() : List.copyOf(nextActions);
    logTail = logTail == null ? List.of() : List.copyOf(logTail);
  }
}
