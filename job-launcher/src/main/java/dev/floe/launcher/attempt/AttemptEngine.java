package dev.floe.launcher.attempt;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.run.RunState;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.run.RunChange;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.trace.FinishedSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Follows every attempt that is in this replica's hands. */
public final class AttemptEngine {
  private final String owner;
  private final Transactions transactions;
  private final RunStore runs;
  private final AttemptStore attempts;
  private final Workbench bench;
  private final Map<AttemptId, AttemptFollower> followers = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private volatile Runnable over = () -> {};
  private volatile NamespaceCheck namespaces = request -> Optional.empty();

  /**
   * @param owner this replica, different at every start
   */
  public AttemptEngine(
      String owner,
      Transactions transactions,
      RunStore runs,
      AttemptStore attempts,
      Json json,
      JobRuntime runtime,
      LogSource logs,
      AttemptConfig config,
      RunConfig runConfig,
      FinishedSpans spans,
      MeterRegistry meters) {
    this.owner = owner;
    this.transactions = transactions;
    this.runs = runs;
    this.attempts = attempts;
    this.bench =
        new Workbench(
            new AttemptJournal(transactions, runs, attempts, json),
            runtime,
            logs,
            config,
            runConfig,
            spans,
            meters,
            new FailureWarnings(),
            request -> namespaces.undeclared(request),
            () -> over.run());
  }

  /** Sets who is asked whether a domain is still declared, when access to its namespace is lost. */
  public void checkNamespaces(NamespaceCheck check) {
    namespaces = check;
  }

  /** Sets who hears that an attempt has ended. */
  public void whenOver(Runnable listener) {
    over = listener;
  }

  /** Attempts anywhere that have not ended; on a session. */
  public Uni<Long> active() {
    return attempts.active();
  }

  /**
   * In the transaction that locked the run: its next attempt begins, in this replica's hands.
   *
   * @return to be followed once the transaction has committed
   */
  public Uni<AttemptKey> begin(RunRow run, String namespace, List<EnvVar> bindings) {
    int number = run.run().attempt() + 1;
    var key = new AttemptKey(run.id(), number, 1);
    var resources = run.run().request().resources();
    var memory =
        run.memory() != null ? run.memory() : resources == null ? null : resources.memory();
    var fresh =
        new AttemptStore.NewAttempt(
            key,
            namespace,
            memory,
            bindings,
            run.trace().child().spanId(),
            owner,
            bench.config().lease(),
            bench.config().launchTimeout());
    return attempts
        .insert(fresh, run.now())
        .chain(() ->
            runs.change(
                run, RunChange.to(RunState.LAUNCHING).attempt(number).verdict(run.run().verdict())))
        .replaceWith(key);
  }

  /** Follows an attempt that is in this replica's hands. */
  public void follow(AttemptKey key) {
    var follower = new AttemptFollower(key, bench);
    var before = followers.put(key.id(), follower);
    if (before != null) {
      before.abandon();
    }
    Thread.ofVirtual()
        .name("attempt-%s-%d".formatted(key.runId(), key.number()))
        .start(() -> {
          try {
            if (!stopped) {
              follower.follow();
            }
          } finally {
            followers.remove(key.id(), follower);
          }
        });
  }

  /** Something about an attempt changed in the runtime. */
  public void changed(AttemptRef attempt) {
    wake(new AttemptId(attempt.runId(), attempt.number()));
  }

  /** Something about a run changed in the database. */
  public void changed(String runId) {
    followers.forEach((id, follower) -> {
      if (id.runId().equals(runId)) {
        follower.wake();
      }
    });
  }

  private void wake(AttemptId id) {
    var follower = followers.get(id);
    if (follower != null) {
      follower.wake();
    }
  }

  /** Renews every lease; releases what belongs to another replica, wakes what is to end. */
  public void renew() {
    if (stopped || followers.isEmpty()) {
      return;
    }
    var before = List.copyOf(followers.values());
    var renewed =
        transactions.call(() -> attempts.renew(owner, bench.config().lease())).stream()
            .collect(Collectors.toMap(AttemptStore.Renewed::key, Function.identity()));
    for (var follower : before) {
      var lease = renewed.get(follower.key());
      if (lease == null) {
        follower.abandon();
      } else if (lease.ending()) {
        follower.wake();
      }
    }
    // What is held but not followed was claimed by a call whose answer was lost.
    renewed.keySet().stream()
        .filter(key -> !followers.containsKey(key.id()))
        .forEach(this::followIfHeld);
  }

  private void followIfHeld(AttemptKey key) {
    if (bench.journal().look(key).isPresent() && !followers.containsKey(key.id())) {
      follow(key);
    }
  }

  /** Takes over attempts whose replica is gone. */
  public void takeOver() {
    if (!stopped) {
      transactions
          .call(() ->
              attempts.takeOver(owner, bench.config().lease(), bench.config().takeOverBatch()))
          .forEach(this::follow);
    }
  }

  /** Stops following; others may take over at once. */
  public void stop() {
    halt();
    transactions.call(() -> attempts.letGo(owner));
  }

  /** Stops following as if the process had died. */
  public void halt() {
    stopped = true;
    followers.values().forEach(AttemptFollower::abandon);
  }

  /** Attempts in this replica's hands. */
  public int held() {
    return followers.size();
  }

  String owner() {
    return Objects.requireNonNull(owner);
  }
}
