package dev.floe.launcher.attempt;

import dev.floe.contract.EventReason;
import dev.floe.contract.run.AttemptState;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.retry.Decision;
import dev.floe.launcher.retry.RetryDecider;
import dev.floe.launcher.run.RunChange;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.Observation;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of an attempt, one transaction each, for callers on virtual threads. Every write
 * is fenced by the epoch: {@link FencedException} says that the attempt belongs to another replica.
 */
final class AttemptJournal {
  private final Transactions transactions;
  private final RunStore runs;
  private final AttemptStore attempts;
  private final Json json;

  AttemptJournal(Transactions transactions, RunStore runs, AttemptStore attempts, Json json) {
    this.transactions = transactions;
    this.runs = runs;
    this.attempts = attempts;
    this.json = json;
  }

  /** How things stand; empty where the attempt has ended or belongs to another replica. */
  Optional<Situation> look(AttemptKey key) {
    return transactions.call(() ->
        runs.row(key.runId())
            .chain(run ->
                run.isEmpty()
                    ? Uni.createFrom().item(Optional.<Situation>empty())
                    : attempts
                        .read(key.id())
                        .map(row -> row.flatMap(r -> held(key, run.get(), r)))));
  }

  private static Optional<Situation> held(AttemptKey key, RunRow run, AttemptRow row) {
    return row.key().equals(key) && !row.attempt().state().terminal()
        ? Optional.of(new Situation(run, row))
        : Optional.empty();
  }

  /** Compare-and-set of the object's uid; false: this object must not run. */
  boolean adopt(AttemptKey key, String uid) {
    return transactions.call(() -> attempts.adopt(key, uid));
  }

  /** Whether the attempt's row names this object, whoever holds the attempt. */
  boolean names(AttemptKey key, String uid) {
    return transactions.call(() -> attempts.names(key.id(), uid));
  }

  /**
   * The attempt's object was released; changes nothing where that was recorded already. What comes
   * to run has the whole launch timeout from here on, however long it took to release it.
   */
  void released(AttemptKey key, Duration launchTimeout) {
    transactions.call(() ->
        locked(key)
            .chain(run ->
                attempts
                    .changeFrom(
                        AttemptState.LAUNCHING,
                        key,
                        row -> {
                          row.state = AttemptState.PENDING;
                          row.releasedAt = run.now();
                          var deadline = run.now().plus(launchTimeout);
                          if (deadline.isAfter(row.launchDeadlineAt)) {
                            row.launchDeadlineAt = deadline;
                          }
                        })
                    .chain(changed -> changed ? started(key, run) : Uni.createFrom().voidItem())));
  }

  private Uni<Void> started(AttemptKey key, RunRow run) {
    var message = "Attempt %d was started".formatted(key.number());
    return runs.change(run, moved(run, RunState.RUNNING).tell(EventReason.ATTEMPT_STARTED, message))
        .replaceWithVoid();
  }

  /**
   * A step of the attempt failed: keeps since when its steps fail, and since when in this way.
   *
   * @return how things stand; empty where the attempt has ended or belongs to another replica
   */
  Optional<Situation> failed(AttemptKey key, Failure.Kind kind) {
    var found = look(key);
    if (found.isEmpty() || found.get().attempt().failing() == kind) {
      return found;
    }
    change(
        key,
        (run, row) -> {
          row.failing = kind;
          row.failingSince = row.failingSince == null ? run.now() : row.failingSince;
          row.failingAlikeSince = run.now();
        },
        (run, row) -> null);
    return look(key);
  }

  /** A step of the attempt succeeded after one that had failed. */
  void recovered(AttemptKey key) {
    change(
        key,
        row -> {
          row.failing = null;
          row.failingSince = null;
          row.failingAlikeSince = null;
        },
        (run, row) -> null);
  }

  /** A process of the attempt runs. */
  void running(AttemptKey key, Observation.Running seen) {
    change(
        key,
        row -> {
          row.state = AttemptState.RUNNING;
          row.pod = seen.pod();
          row.node = seen.node();
          row.startedAt = seen.startedAt();
        },
        (run, row) -> moved(run, RunState.RUNNING).startedAt(seen.startedAt()));
  }

  /** The runtime keeps the attempt from starting for a reason that does not count against it. */
  void held(AttemptKey key, String reason, Duration launchTimeout) {
    change(
        key,
        row -> row.launchDeadlineAt = row.launchDeadlineAt.plus(launchTimeout),
        (run, row) -> moved(run, run.run().state()).heldBy(reason));
  }

  /** The verdict is decided while something may still run. */
  void decide(AttemptKey key, Verdict verdict) {
    var text = json.write(verdict);
    change(
        key,
        (run, row) -> {
          row.decided = text;
          row.decidedAt = run.now();
        },
        (run, row) -> null);
  }

  private static RunChange moved(RunRow run, RunState state) {
    return RunChange.to(run.run().state() == RunState.CANCELLING ? RunState.CANCELLING : state);
  }

  private void change(
      AttemptKey key,
      Consumer<AttemptEntity> change,
      BiFunction<RunRow, AttemptRow, @Nullable RunChange> follow) {
    change(key, (run, row) -> change.accept(row), follow);
  }

  private void change(
      AttemptKey key,
      BiConsumer<RunRow, AttemptEntity> change,
      BiFunction<RunRow, AttemptRow, @Nullable RunChange> follow) {
    transactions.call(() ->
        locked(key)
            .chain(run ->
                attempts
                    .change(key, row -> change.accept(run, row))
                    .chain(row -> {
                      var more = follow.apply(run, row);
                      return more == null
                          ? Uni.createFrom().voidItem()
                          : runs.change(run, more).replaceWithVoid();
                    })));
  }

  private Uni<RunRow> locked(AttemptKey key) {
    return runs.lock(key.runId()).map(run -> run.orElseThrow(() -> new FencedException(key)));
  }

  /** What was recorded: the attempt as it ended, and the run after it. */
  record Recorded(Situation before, AttemptRow attempt, dev.floe.contract.run.Run run) {}

  /**
   * Records the end, and with it what follows: another attempt or the end of the run.
   *
   * @param uid of the object that the end was decided on
   */
  Recorded end(AttemptKey key, @Nullable String uid, AttemptEnd end) {
    double jitter = ThreadLocalRandom.current().nextDouble();
    return transactions.call(() ->
        locked(key)
            .chain(run ->
                attempts
                    .end(key, uid, end, run.now())
                    .chain(row -> follow(run, row, end, jitter))));
  }

  private Uni<Recorded> follow(RunRow run, AttemptRow row, AttemptEnd end, double jitter) {
    var verdict = end.verdict();
    return attempts
        .spent(run.id(), run.budgetFrom())
        .chain(spent -> {
          var policy = run.run().request().retryPolicy();
          // Another attempt beside one that may still run would be the same work twice.
          var decision =
              end.observed()
                  ? RetryDecider.decide(policy, spent, verdict, row.attempt().memory(), jitter)
                  : new Decision.Stop(verdict);
          return runs.change(run, next(run, row, verdict, decision));
        })
        .map(after -> new Recorded(new Situation(run, row), row, after));
  }

  private static RunChange next(RunRow run, AttemptRow row, Verdict verdict, Decision decision) {
    int number = row.attempt().number();
    var ended = "Attempt %d: %s".formatted(number, verdict.message());
    if (verdict.category() == VerdictCategory.SUCCESS) {
      return RunChange.to(RunState.SUCCEEDED)
          .verdict(verdict)
          .tell(EventReason.RUN_SUCCEEDED, verdict, ended);
    }
    if (verdict.category() == VerdictCategory.CANCELLED
        || run.stopReason() == VerdictReason.BY_USER) {
      return RunChange.to(RunState.CANCELLED)
          .verdict(Verdict.of(VerdictReason.BY_USER, verdict.message(), verdict.exitCode()))
          .tell(EventReason.RUN_CANCELLED, verdict, ended);
    }
    if (run.stopReason() == null && decision instanceof Decision.Retry retry) {
      Instant next = run.now().plus(retry.delay());
      return RunChange.to(RunState.RETRYING)
          .verdict(verdict)
          .memory(retry.memory())
          .waiting("backoff", next)
          .nextAttemptAt(next)
          .tell(EventReason.ATTEMPT_FAILED, verdict, ended)
          .tell(
              EventReason.RUN_RETRYING,
              verdict,
              "Attempt %d follows in %s".formatted(number + 1, retry.delay()));
    }
    return RunChange.to(RunState.FAILED)
        .verdict(verdict)
        .tell(EventReason.ATTEMPT_FAILED, verdict, ended)
        .tell(EventReason.RUN_FAILED, verdict, verdict.message());
  }
}
