package dev.floe.cli.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.input.SourceText;
import dev.floe.cli.rest.EventStream;
import dev.floe.cli.rest.Query;
import dev.floe.cli.rest.RestClient;
import dev.floe.cli.rest.RestClient.Body;
import dev.floe.cli.rest.ServiceName;
import dev.floe.contract.Page;
import dev.floe.contract.run.Attempt;
import dev.floe.contract.run.Explanation;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The routes of job-launcher about runs. */
public final class Runs {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration TRAVEL_MAX = Duration.ofMillis(500);
  private static final int ATTEMPTS_MAX = 500;

  private final RestClient client;

  public Runs(Session session) {
    this.client = session.client(ServiceName.JOB_LAUNCHER);
  }

  /** Submits what a file asks for. */
  Run submit(SourceText source, JsonNode request, String idempotencyKey) {
    return client.post(Query.of("runs"), Body.json(request, source), idempotencyKey, Run.class);
  }

  /** The newest runs that a query selects. */
  public List<Run> list(Filter filter, int max) {
    return client.list(filter.query(), new TypeReference<Page<Run>>() {}, max);
  }

  public Run get(String id) {
    return client.get(Query.of("runs", id), Run.class);
  }

  public List<Attempt> attempts(String id) {
    return client.list(
        Query.of("runs", id, "attempts"), new TypeReference<Page<Attempt>>() {}, ATTEMPTS_MAX);
  }

  public Explanation explain(String id) {
    return client.get(Query.of("runs", id, "explain"), Explanation.class);
  }

  public Run cancel(String id) {
    return client.post(Query.of("runs", id, "cancel"), null, null, Run.class);
  }

  Run retry(String id) {
    return client.post(Query.of("runs", id, "retry"), null, null, Run.class);
  }

  /**
   * The log of one attempt, to be closed by the caller.
   *
   * @param tail only so many of the last lines
   * @param since only what was written since
   * @param offset where to begin, in bytes
   */
  RestClient.Opened log(
      String id,
      int attempt,
      boolean follow,
      @Nullable Integer tail,
      @Nullable Instant since,
      @Nullable Long offset) {
    return client.open(
        Query.of("runs", id, "attempts", String.valueOf(attempt), "logs")
            .with("follow", follow ? true : null)
            .with("tail", tail)
            .with("since", since)
            .with("offset", offset),
        "text/plain",
        null);
  }

  /** Events of one run, or of all where {@code id} is absent. */
  EventStream<RunEvent> events(@Nullable String id) {
    var path = id == null ? Query.of("events") : Query.of("runs", id, "events");
    return new EventStream<>(client, path, RunEvent.class);
  }

  /**
   * Waits until the run has ended.
   *
   * @param until when to give up; {@code null}: never
   * @param changed told the run whenever it was read anew
   * @throws CommandFailure with exit code 124 when the time is over
   */
  public Run await(String id, @Nullable Instant until, Consumer<Run> changed) {
    Run run = null;
    while (true) {
      var holds = until == null ? LONGEST_WAIT : longestWait(until);
      try {
        run = client.get(Query.of("runs", id).with("wait", holds), Run.class, holds);
      } catch (CommandFailure e) {
        throw e.exitCode() == ExitCode.TIMEOUT && run != null ? stillOn(run) : e;
      }
      changed.accept(run);
      if (run.state().terminal()) {
        return run;
      }
      if (until != null && !Instant.now().isBefore(until)) {
        throw stillOn(run);
      }
    }
  }

  /** What the service may hold an answer back: it has to arrive before the time is over. */
  private static Duration longestWait(Instant until) {
    var left = Duration.between(Instant.now(), until);
    var travel = left.dividedBy(4);
    var holds = left.minus(travel.compareTo(TRAVEL_MAX) < 0 ? travel : TRAVEL_MAX);
    return holds.compareTo(LONGEST_WAIT) > 0
        ? LONGEST_WAIT
        : Duration.ofMillis(Math.max(0, holds.toMillis()));
  }

  private static CommandFailure stillOn(Run run) {
    return new CommandFailure(
        ExitCode.TIMEOUT,
        "Timed out: run %s is still %s.".formatted(run.id(), RunWords.standing(run)),
        "floe run wait " + run.id(),
        "floe run explain " + run.id());
  }

  /**
   * Which runs to list.
   *
   * @param state one of the states, upper case
   */
  public record Filter(
      @Nullable String platform,
      @Nullable String domain,
      @Nullable String product,
      @Nullable String pipeline,
      @Nullable String state) {
    Query query() {
      return Query.of("runs")
          .with("platform", platform)
          .with("domain", domain)
          .with("product", product)
          .with("pipeline", pipeline)
          .with("state", state);
    }
  }
}
