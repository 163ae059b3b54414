package dev.floe.launcher.explain;

import dev.floe.contract.run.Explanation;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.launcher.attempt.FailingSteps;
import dev.floe.launcher.attempt.Failure;
import dev.floe.launcher.binding.Readiness;
import dev.floe.launcher.log.LogService;
import dev.floe.launcher.retry.AttemptBudget;
import dev.floe.launcher.retry.RetryDecider;
import dev.floe.launcher.verdict.NextActions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says why a run is where it is, and what to do next. Pure. */
final class Explainer {
  private static final Set<VerdictCategory> BUDGETED =
      Set.of(VerdictCategory.APPLICATION, VerdictCategory.INFRASTRUCTURE);
  private static final String DISK_FULL = "disk-full";
  private static final String RIGHTS_TIMEOUT = "`floe.launcher.attempt.rights-timeout`";
  private static final String LAUNCH_TIMEOUT = "`floe.launcher.attempt.launch-timeout`";
  private static final String NOT_READY = "platform-not-ready:";

  private Explainer() {}

  /**
   * @param failing how the steps of the latest attempt fail, if they do
   * @param spent attempts that spend the present budgets
   * @param log the end of the last attempt's log
   * @param where the attempts run
   */
  static Explanation explain(
      Run run,
      @Nullable FailingSteps failing,
      AttemptBudget spent,
      LogService.Tail log,
      NextActions.Where where) {
    var verdict = run.verdict();
    boolean failed = verdict != null && verdict.category() != VerdictCategory.SUCCESS;
    return new Explanation(
        run.id(),
        run.state(),
        summary(run) + failing(run, failing, where) + missing(run, log),
        cause(run),
        verdict,
        actions(run, failing, where),
        run.state().terminal() ? null : retries(run, spent),
        run.nextAttemptAt(),
        failed || run.state() == RunState.RUNNING ? log.lines() : List.of());
  }

  private static String summary(Run run) {
    int number = run.attempt();
    return switch (run.state()) {
      case QUEUED -> "The run waits for " + waiting(run) + ".";
      case LAUNCHING ->
          run.waitingFor() == null
              ? "Attempt %d is being created.".formatted(number)
              : "Attempt %d waits for %s.".formatted(number, waiting(run));
      case RUNNING ->
          run.waitingFor() == null
              ? "Attempt %d is on its way or running.".formatted(number)
              : "Attempt %d waits for %s.".formatted(number, waiting(run));
      case RETRYING -> "Attempt %d failed; attempt %d follows.".formatted(number, number + 1);
      case CANCELLING -> "Attempt %d is being ended.".formatted(number);
      case SUCCEEDED -> "The run succeeded with attempt %d.".formatted(number);
      case FAILED ->
          number == 0
              ? "The run failed before its first attempt."
              : "The run failed for good with attempt %d.".formatted(number);
      case CANCELLED -> "The run was cancelled.";
    };
  }

  private static String failing(Run run, @Nullable FailingSteps failing, NextActions.Where where) {
    return failing == null
        ? ""
        : " Since %s its steps fail: %s. job-launcher tries again; %s."
            .formatted(failing.since(), meaning(failing, where), limit(run, failing));
  }

  private static String meaning(FailingSteps failing, NextActions.Where where) {
    return switch (failing.kind()) {
      case DENIED ->
          "the API server denies access to the attempt's namespace, or the namespace is gone";
      case UNAVAILABLE ->
          where == NextActions.Where.CLUSTER
              ? "the API server cannot be reached or does not answer as it should"
              : "this machine does not let job-launcher start or observe processes now";
      case DATABASE -> "the database is away or too slow";
      case UNEXPECTED -> "job-launcher meets an error that it does not know; its log has it";
    };
  }

  /** How long the failure is borne; {@link Failure.Kind} and how far the attempt is decide. */
  private static String limit(Run run, FailingSteps failing) {
    boolean denied = failing.kind() == Failure.Kind.DENIED;
    if (run.state() == RunState.CANCELLING) {
      return "if that lasts, the run ends as `CANCELLED` after "
          + (denied ? RIGHTS_TIMEOUT : LAUNCH_TIMEOUT);
    }
    if (denied) {
      return "access that stays denied ends the run after "
          + (failing.created() ? RIGHTS_TIMEOUT : LAUNCH_TIMEOUT);
    }
    if (!failing.created()) {
      return "if that lasts, the attempt ends after " + LAUNCH_TIMEOUT;
    }
    return "what runs of the attempt continues meanwhile, until its timeout";
  }

  private static String missing(Run run, LogService.Tail log) {
    return log.missing() == null
        ? ""
        : " The log of attempt %d is not complete: %s.".formatted(run.attempt(), log.missing());
  }

  private static String waiting(Run run) {
    var reason = Objects.requireNonNullElse(run.waitingFor(), "its turn");
    if (reason.startsWith(NOT_READY)) {
      return "component '%s' of platform '%s'"
          .formatted(reason.substring(NOT_READY.length()), run.request().platform());
    }
    return switch (reason) {
      case "capacity" -> "room to run";
      case Readiness.UNKNOWN ->
          "platform '%s' to be deployed with the domain '%s'"
              .formatted(run.request().platform(), run.request().domain());
      case "platform-manager-unreachable" -> "platform-manager to answer";
      case "quota" -> "room in the quota of its namespace";
      case DISK_FULL -> "room on this machine's disk, which is full";
      case "backoff" -> "its next attempt";
      default -> reason;
    };
  }

  private static @Nullable String cause(Run run) {
    var verdict = run.verdict();
    if (verdict == null) {
      return null;
    }
    return "%s (%s): %s".formatted(verdict.reason().value(), verdict.category(), verdict.message());
  }

  private static List<String> actions(
      Run run, @Nullable FailingSteps failing, NextActions.Where where) {
    if (failing != null) {
      return failingActions(run, failing, where);
    }
    var verdict = run.verdict();
    return switch (run.state()) {
      case QUEUED -> waitingActions(run);
      case LAUNCHING ->
          DISK_FULL.equals(run.waitingFor())
              ? List.of(
                  "Free some space on the disk of FLOE_HOME; the run continues by itself then.",
                  "floe run wait " + run.id())
              : List.of("floe run wait " + run.id());
      case CANCELLING -> List.of("floe run wait " + run.id());
      case RUNNING -> List.of("floe run logs %s -f".formatted(run.id()));
      case RETRYING -> List.of("floe run wait " + run.id(), "floe run logs " + run.id());
      case SUCCEEDED -> List.of();
      case FAILED, CANCELLED ->
          verdict == null ? List.of() : NextActions.of(verdict, run.id(), where);
    };
  }

  private static List<String> failingActions(
      Run run, FailingSteps failing, NextActions.Where where) {
    boolean machine = where == NextActions.Where.MACHINE;
    return switch (failing.kind()) {
      case DENIED ->
          List.of("floe platform status " + run.request().platform(), "floe run wait " + run.id());
      case UNAVAILABLE, DATABASE -> List.of("floe doctor", "floe run wait " + run.id());
      case UNEXPECTED ->
          List.of(
              machine
                  ? "floe local logs job-launcher"
                  : "Read job-launcher's log: kubectl -n floe logs deployment/job-launcher",
              "floe run wait " + run.id());
    };
  }

  private static List<String> waitingActions(Run run) {
    var reason = Objects.requireNonNullElse(run.waitingFor(), "");
    if (reason.startsWith(NOT_READY)) {
      return List.of(
          "floe platform status " + run.request().platform(),
          "floe platform logs %s --platform %s"
              .formatted(reason.substring(NOT_READY.length()), run.request().platform()));
    }
    if (reason.equals(Readiness.UNKNOWN)) {
      return List.of("floe platform status " + run.request().platform());
    }
    if (reason.equals("platform-manager-unreachable")) {
      return List.of("floe doctor");
    }
    return List.of("floe run list --state running", "floe run wait " + run.id());
  }

  private static @Nullable String retries(Run run, AttemptBudget spent) {
    var policy = run.request().retryPolicy();
    var text =
        Stream.of(VerdictCategory.values())
            .filter(BUDGETED::contains)
            .map(category -> {
              int allowed = RetryDecider.allowed(policy, category);
              return "%s: %d of %d attempts used"
                  .formatted(
                      category.name().toLowerCase(java.util.Locale.ROOT),
                      spent.spent(category),
                      allowed);
            })
            .collect(Collectors.toCollection(ArrayList::new));
    return text.isEmpty() ? null : String.join(", ", text);
  }
}
