package dev.floe.launcher.trace;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The span of a run from its acceptance, or from a retry by hand, to its end. A retry has a span of
 * its own beside the earlier one, under the same parent, and is linked to what it follows: a span
 * that has ended was exported and cannot continue.
 *
 * @param began when the run was accepted or retried
 * @param links the earlier span, and the call that asked for the retry
 */
public record RunSpan(TraceContext context, Instant began, List<TraceContext> links) {
  public RunSpan {
    links = List.copyOf(links);
  }

  /** The span of the same run when it is retried. */
  public RunSpan again(@Nullable TraceContext caller, Instant now) {
    return new RunSpan(
        context.sibling(),
        now,
        Stream.of(context, caller).filter(Objects::nonNull).map(TraceContext.class::cast).toList());
  }

  /** The links as one text: {@code traceparent} headers with blanks between. */
  public String linksText() {
    return links.stream().map(TraceContext::traceparent).collect(Collectors.joining(" "));
  }

  /** Reads what {@link #linksText} has written. */
  public static List<TraceContext> links(@Nullable String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(" "))
            .map(TraceContext::parse)
            .filter(Objects::nonNull)
            .map(TraceContext.class::cast)
            .toList();
  }
}
