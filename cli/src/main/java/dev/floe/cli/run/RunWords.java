package dev.floe.cli.run;

import dev.floe.cli.output.Progress;
import dev.floe.cli.output.Table;
import dev.floe.cli.output.Terminal;
import dev.floe.contract.run.Attempt;
import dev.floe.contract.run.Explanation;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunEvent;
import dev.floe.contract.run.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs, attempts and verdicts as lines and tables for people. */
public final class RunWords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private RunWords() {}

  /** The state, and for a queued run what it waits for. */
  static String standing(Run run) {
    return run.waitingFor() == null
        ? run.state().name()
        : run.state() + " (" + run.waitingFor() + ")";
  }

  /** One sentence about a run that ended otherwise than it should. */
  static String failure(Run run) {
    var verdict = run.verdict();
    return verdict == null
        ? "Run %s is %s.".formatted(run.id(), run.state())
        : "Run %s is %s: %s/%s: %s"
            .formatted(
                run.id(),
                run.state(),
                verdict.category(),
                verdict.reason().value(),
                verdict.message());
  }

  public static Table table(List<Run> runs, Clock clock) {
    var table =
        new Table("run", "product", "pipeline", "kind", "state", "attempt", "took", "verdict");
    for (var run : runs) {
      table.row(
          run.id(),
          run.request().domain() + "/" + run.request().product(),
          or(run.request().pipeline()),
          run.request().kind().value(),
          standing(run),
          run.attempt(),
          took(run.startedAt(), run.finishedAt(), clock),
          verdict(run.verdict()));
    }
    return table;
  }

  public static Table attempts(List<Attempt> attempts, Clock clock) {
    var table = new Table("attempt", "state", "took", "log", "verdict");
    for (var attempt : attempts) {
      table.row(
          attempt.number(),
          attempt.state(),
          took(attempt.startedAt(), attempt.finishedAt(), clock),
          attempt.logBytes() + " bytes" + (attempt.logTruncated() ? ", cut" : ""),
          verdict(attempt.verdict()));
    }
    return table;
  }

  /** One run in full, with its attempts. */
  static List<String> run(Run run, List<Attempt> attempts, Terminal terminal, Clock clock) {
    var request = run.request();
    var lines = new ArrayList<String>();
    field(lines, "run", run.id());
    field(lines, "state", standing(run));
    field(lines, "verdict", verdict(run.verdict()));
    field(lines, "product", request.domain() + "/" + request.product());
    field(lines, "pipeline", or(request.pipeline()));
    field(lines, "kind", request.kind().value());
    field(lines, "platform", request.platform());
    field(lines, "image", request.image());
    field(lines, "created", TIME.format(run.createdAt()));
    field(lines, "took", took(run.startedAt(), run.finishedAt(), clock));
    field(lines, "next", run.nextAttemptAt() == null ? "" : TIME.format(run.nextAttemptAt()));
    field(lines, "trace", run.traceId());
    if (!attempts.isEmpty()) {
      lines.add("");
      lines.addAll(attempts(attempts, clock).lines(terminal));
    }
    return lines;
  }

  /** Why the run stands where it stands, and what to do. */
  public static List<String> explanation(Explanation explanation, Terminal terminal) {
    var lines = new ArrayList<String>();
    lines.add(terminal.bold("Run " + explanation.runId() + " is " + explanation.state()));
    lines.add(explanation.summary());
    if (explanation.cause() != null) {
      lines.add("");
      lines.add(terminal.bold("Cause"));
      explanation.cause().lines().forEach(line -> lines.add("  " + line));
    }
    if (!explanation.logTail().isEmpty()) {
      lines.add("");
      lines.add(terminal.bold("Last lines of the log"));
      explanation.logTail().forEach(line -> lines.add(terminal.dim("  │ ") + line));
    }
    if (explanation.retries() != null) {
      lines.add("");
      lines.add(terminal.bold("Retries"));
      lines.add("  " + explanation.retries());
    }
    if (explanation.nextAttemptAt() != null) {
      lines.add("  next attempt at " + TIME.format(explanation.nextAttemptAt()) + " UTC");
    }
    if (!explanation.nextActions().isEmpty()) {
      lines.add("");
      lines.add(terminal.bold("What to do"));
      explanation.nextActions().forEach(action -> lines.add("  → " + action));
    }
    return lines;
  }

  static String event(RunEvent event) {
    return "%s  %s  %-14s %s"
        .formatted(TIME.format(event.time()), event.runId(), event.type(), event.message());
  }

  public static String verdict(@Nullable Verdict verdict) {
    return verdict == null ? "" : verdict.reason().value() + ": " + verdict.message();
  }

  /** How long an attempt took; empty before its start. */
  public static String took(Attempt attempt) {
    return took(attempt.startedAt(), attempt.finishedAt(), Clock.systemUTC());
  }

  private static String took(@Nullable Instant from, @Nullable Instant to, Clock clock) {
    if (from == null) {
      return "";
    }
    return Progress.seconds(Duration.between(from, to == null ? clock.instant() : to));
  }

  private static void field(List<String> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add("%-10s %s".formatted(name, value));
    }
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }
}
