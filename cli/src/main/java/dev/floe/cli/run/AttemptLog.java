package dev.floe.cli.run;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.rest.RestClient;
import dev.floe.cli.rest.TextStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The log of one attempt, printed as it comes and byte for byte.
 *
 * <p>A connection that breaks, or is silent for a minute, is opened again at the byte where it was
 * left, so nothing is lost and nothing comes twice. A job may be silent for long: only a service
 * that does not answer for half a minute ends it.
 */
final class AttemptLog {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Session session;
  private final Runs runs;
  private final String run;
  private final int attempt;

  AttemptLog(Session session, Runs runs, String run, int attempt) {
    this.session = session;
    this.runs = runs;
    this.run = run;
    this.attempt = attempt;
  }

  /**
   * Prints it.
   *
   * @param follow whether to continue until the attempt has ended
   * @param tail only so many of the last lines
   * @param since only what was written since
   * @return whether what was printed ends within a line
   */
  boolean print(boolean follow, @Nullable Integer tail, @Nullable Instant since)
      throws IOException {
    var until = session.deadline();
    Long next = null;
    var lineOpen = false;
    var lastAnswer = Instant.now();
    while (true) {
      var opened = open(follow, tail, since, next, lastAnswer);
      if (opened != null) {
        lastAnswer = Instant.now();
        try (var log = opened.body()) {
          var from =
              opened
                  .header("Floe-Log-Offset")
                  .map(Long::parseLong)
                  .orElse(next == null ? 0L : next);
          var printed = TextStream.print(log, session.output(), until, follow ? SILENCE : null);
          next = from + printed.bytes();
          lineOpen = printed.lineOpen() == null ? lineOpen : printed.lineOpen();
          if (!printed.broke() || printed.bytes() > 0) {
            lastAnswer = Instant.now();
          }
          if (isOver(follow, printed)) {
            return lineOpen;
          }
        }
      }
      TextStream.pause(BETWEEN, until);
    }
  }

  private RestClient.@Nullable Opened open(
      boolean follow,
      @Nullable Integer tail,
      @Nullable Instant since,
      @Nullable Long next,
      Instant lastAnswer) {
    try {
      return next == null
          ? runs.log(run, attempt, follow, tail, since, null)
          : runs.log(run, attempt, follow, null, null, next);
    } catch (CommandFailure e) {
      if (next == null
          || e.exitCode() != ExitCode.UNREACHABLE
          || Instant.now().isAfter(lastAnswer.plus(PATIENCE))) {
        throw e;
      }
      return null;
    }
  }

  private boolean isOver(boolean follow, TextStream.Printed printed) {
    if (!follow) {
      if (printed.broke()) {
        throw new CommandFailure(
            ExitCode.UNREACHABLE, "The connection broke before the log's end.");
      }
      return true;
    }
    return !printed.broke() && hasEnded();
  }

  private boolean hasEnded() {
    try {
      return runs.attempts(run).stream()
          .filter(found -> found.number() == attempt)
          .anyMatch(found -> found.state().terminal());
    } catch (CommandFailure e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        return false;
      }
      throw e;
    }
  }
}
