package dev.floe.cli.demo;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.output.Progress;
import dev.floe.cli.rest.TextStream;
import dev.floe.cli.run.Runs;
import dev.floe.contract.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One run of the pipeline in Dagster, and the floe runs that its steps ask for. */
final class PipelineRun {
  private static final Map<String, String> TAG = Map.of("floe/demo", "true");
  private static final Set<String> OVER = Set.of("SUCCESS", "FAILURE", "CANCELED");
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(700);
  private static final int RUNS_MAX = 50;

  private final Session session;
  private final Dagster dagster;
  private final Runs runs;

  PipelineRun(Session session, Dagster dagster) {
    this.session = session;
    this.dagster = dagster;
    this.runs = new Runs(session);
  }

  /**
   * How it ended.
   *
   * @param runs the floe runs of its steps, in the order of their creation
   */
  record Outcome(String dagsterRun, boolean succeeded, List<Run> runs) {
    Outcome {
      runs = List.copyOf(runs);
    }
  }

  /** Starts the job and follows it to its end. */
  Outcome run(String job) {
    var selector = await(job);
    clearLeftovers();
    var id = dagster.launch(selector, TAG);
    session.progress().say("Dagster runs " + job + " (" + id + ")");
    return follow(job, id);
  }

  /**
   * What an interrupted demo left behind would write into the same warehouse: it is ended first.
   */
  private void clearLeftovers() {
    var leftovers = patiently(() -> dagster.unfinished(TAG));
    for (var id : leftovers) {
      session.progress().say("Ending the pipeline that an earlier demo left behind (" + id + ")");
      dagster.terminate(id);
    }
    for (var run : ofProduct()) {
      if (!run.state().terminal()) {
        runs.cancel(run.id());
        runs.await(run.id(), session.deadline(LONGEST_LOAD), now -> {});
      }
    }
  }

  private Dagster.JobSelector await(String job) {
    var step = session.progress().step("waiting for Dagster to load the product");
    var until = Instant.now().plus(LONGEST_LOAD);
    try {
      while (true) {
        Optional<Dagster.JobSelector> found = patiently(() -> dagster.find(job));
        if (found.isPresent()) {
          step.done("Dagster has loaded the product");
          return found.get();
        }
        if (Instant.now().isAfter(until)) {
          throw new CommandFailure(
              ExitCode.TIMEOUT,
              "Dagster does not load job %s.".formatted(job),
              "floe platform logs dagster");
        }
        TextStream.pause(BETWEEN_LOOKS, null);
      }
    } catch (RuntimeException e) {
      step.failed("Dagster has not loaded the product");
      throw e;
    }
  }

  private Outcome follow(String job, String id) {
    var until = session.deadline(LONGEST);
    var steps = new HashMap<String, Progress.Step>();
    while (true) {
      var status = patiently(() -> dagster.status(id));
      var mine = of(id);
      mine.forEach(run -> show(run, steps));
      if (OVER.contains(status)) {
        return new Outcome(id, status.equals("SUCCESS"), mine);
      }
      if (Instant.now().isAfter(until)) {
        throw new CommandFailure(
            ExitCode.TIMEOUT,
            "%s is still %s in Dagster.".formatted(job, status),
            "floe run list",
            "floe platform logs dagster");
      }
      TextStream.pause(BETWEEN_LOOKS, null);
    }
  }

  /** Asks again while nobody answers: a component may be restarting, and comes back by itself. */
  private static <T> T patiently(Supplier<T> question) {
    var until = Instant.now().plus(LONGEST_LOAD);
    while (true) {
      try {
        return question.get();
      } catch (CommandFailure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || Instant.now().isAfter(until)) {
          throw e;
        }
      }
      TextStream.pause(BETWEEN_LOOKS, null);
    }
  }

  private void show(Run run, Map<String, Progress.Step> steps) {
    var name = stepName(run) + " " + run.id();
    var step = steps.computeIfAbsent(run.id(), id -> session.progress().step(name));
    var state = run.waitingFor() == null ? run.state().name() : run.waitingFor();
    switch (run.state()) {
      case SUCCEEDED -> step.done(name + " " + state);
      case FAILED, CANCELLED -> step.failed(name + " " + state);
      default -> step.now(name + " " + state);
    }
  }

  /** The step's name out of the key {@code dagster:<dagster run>:<step>:<retry>}. */
  static String stepName(Run run) {
    var parts = run.idempotencyKey() == null ? new String[0] : run.idempotencyKey().split(":", -1);
    return parts.length > 2 ? parts[2] : run.request().kind().value();
  }

  private List<Run> of(String dagsterRun) {
    var prefix = "dagster:" + dagsterRun + ":";
    return ofProduct().stream()
        .filter(run -> run.idempotencyKey() != null && run.idempotencyKey().startsWith(prefix))
        .sorted(Comparator.comparing(Run::createdAt))
        .toList();
  }

  private List<Run> ofProduct() {
    return runs.list(
        new Runs.Filter(WeatherExample.PLATFORM, WeatherExample.DOMAIN, null, null, null),
        RUNS_MAX);
  }
}
