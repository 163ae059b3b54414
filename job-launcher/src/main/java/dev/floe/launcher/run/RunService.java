package dev.floe.launcher.run;

import dev.floe.contract.EventReason;
import dev.floe.contract.Page;
import dev.floe.contract.problem.ProblemType;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.kit.idempotency.PayloadHash;
import dev.floe.kit.problem.FloeException;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.binding.Lookup;
import dev.floe.launcher.feed.Round;
import dev.floe.launcher.feed.Wakes;
import dev.floe.launcher.run.RunStore.NewRun;
import dev.floe.launcher.run.RunStore.Submitted;
import dev.floe.launcher.trace.FinishedSpans;
import dev.floe.launcher.trace.RunSpan;
import dev.floe.launcher.trace.TraceContext;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What happens to runs from outside: they are accepted, read, cancelled and retried. */
@ApplicationScoped
public class RunService {
  private final RunStore store;
  private final BindingService bindings;
  private final Wakes wakes;
  private final FinishedSpans spans;
  private final RunConfig config;
  private final WaitingCount waiting = new WaitingCount();

  RunService(
      RunStore store, BindingService bindings, Wakes wakes, FinishedSpans spans, RunConfig config) {
    this.store = store;
    this.bindings = bindings;
    this.wakes = wakes;
    this.spans = spans;
    this.config = config;
  }

  /**
   * The answer to a submission.
   *
   * @param fresh false where the Idempotency-Key was used with the same payload before
   */
  public record Accepted(Run run, boolean fresh) {}

  /** Accepts a run, or finds the one that was accepted under the same key. */
  public Uni<Accepted> submit(
      RunRequest request, @Nullable String idempotencyKey, @Nullable TraceContext caller) {
    var errors = RunValidation.errors(request, config.maxTimeout());
    if (!errors.isEmpty()) {
      return Uni.createFrom().failure(FloeException.invalid(errors));
    }
    var fresh =
        new NewRun(
            RunId.at(System.currentTimeMillis()),
            request,
            idempotencyKey,
            HexFormat.of().formatHex(PayloadHash.of(request)),
            caller == null ? TraceContext.root() : caller.child(),
            Objects.requireNonNullElse(request.runTimeout(), config.runTimeout()));
    return earlier(fresh)
        .chain(found ->
            found.isPresent()
                ? Uni.createFrom().item(found.get())
                : admit(request).chain(() -> insert(fresh)));
  }

  private Uni<Optional<Accepted>> earlier(NewRun fresh) {
    var key = fresh.idempotencyKey();
    if (key == null) {
      return Uni.createFrom().item(Optional.empty());
    }
    return Panache.withSession(() -> store.findByKey(key))
        .map(found -> found.map(submitted -> same(submitted, fresh)));
  }

  private static Accepted same(Submitted submitted, NewRun fresh) {
    if (!submitted.payloadHash().equals(fresh.payloadHash())) {
      throw FloeException.of(
          ProblemType.IDEMPOTENCY_KEY_REUSED,
          "This Idempotency-Key belongs to run %s, which was submitted with another body; send a new key"
              .formatted(submitted.run().id()));
    }
    return new Accepted(submitted.run(), false);
  }

  private Uni<Void> admit(RunRequest request) {
    return waiting
        .get(() -> Panache.withSession(store::waiting))
        .invoke(count -> {
          if (count >= config.maxWaiting()) {
            throw FloeException.later(
                ProblemType.TOO_MANY_REQUESTS,
                "%d runs wait already; come back later".formatted(count),
                Duration.ofSeconds(10));
          }
        })
        .chain(() -> bindings.lookup(request.platform(), request.domain()))
        .invoke(lookup -> {
          if (lookup instanceof Lookup.Unknown unknown) {
            throw FloeException.invalid("/platform", unknown.detail());
          }
        })
        .replaceWithVoid();
  }

  private Uni<Accepted> insert(NewRun fresh) {
    var request = fresh.request();
    var change =
        RunChange.to(RunState.QUEUED)
            .tell(
                EventReason.RUN_QUEUED, "Accepted for platform '%s'".formatted(request.platform()));
    return Panache.withTransaction(() -> store.insert(fresh, change))
        .chain(inserted ->
            inserted.isPresent()
                ? Uni.createFrom().item(new Accepted(inserted.get(), true))
                : earlier(fresh).map(found -> found.orElseThrow(RunService::keyVanished)));
  }

  /** The run that held the key was removed between two statements. */
  private static FloeException keyVanished() {
    return FloeException.later(
        ProblemType.UNAVAILABLE,
        "The run that had this Idempotency-Key was being removed; send the same again",
        Duration.ofSeconds(1));
  }

  /**
   * @throws FloeException when there is no such run
   */
  public Uni<Run> get(String id) {
    if (!RunId.isOne(id)) {
      return Uni.createFrom().failure(absent(id));
    }
    return Panache.withSession(() -> store.read(id)).map(run -> run.orElseThrow(() -> absent(id)));
  }

  /** The run once it has ended, or as it stands after the longest time. */
  Uni<Run> await(String id, Duration longest) {
    return get(id)
        .chain(run -> {
          if (run.state().terminal()) {
            return Uni.createFrom().item(run);
          }
          var waiter = wakes.open(id);
          long until = System.nanoTime() + longest.toNanos();
          return waiter
              .<Run>repeat(cause -> get(id).map(now -> ended(now, until)))
              .onTermination()
              .invoke(waiter::close);
        });
  }

  private static Round<Run> ended(Run run, long until) {
    var left = Duration.ofNanos(until - System.nanoTime());
    return run.state().terminal() || !left.isPositive()
        ? new Round.Answer<>(run)
        : new Round.Wait<>(left);
  }

  Uni<Page<Run>> list(RunFilter filter, int limit) {
    return Panache.withSession(() -> store.list(filter, limit + 1))
        .map(runs ->
            runs.size() <= limit
                ? new Page<>(runs, null)
                : new Page<>(runs.subList(0, limit), RunCursor.after(runs.get(limit - 1).id())));
  }

  /** Asks a run to end; what has ended stays as it is. */
  public Uni<Run> cancel(String id) {
    return change(
            id,
            row -> {
              var run = row.run();
              if (run.state().terminal() || run.state() == RunState.CANCELLING) {
                return Optional.empty();
              }
              if (run.state() == RunState.QUEUED || run.state() == RunState.RETRYING) {
                var verdict = Verdict.of(VerdictReason.BY_USER, "Cancelled while it waited");
                return Optional.of(
                    RunChange.to(RunState.CANCELLED)
                        .verdict(verdict)
                        .tell(EventReason.RUN_CANCELLED, verdict, verdict.message()));
              }
              return Optional.of(RunChange.to(RunState.CANCELLING).stop(VerdictReason.BY_USER));
            })
        .map(Changed::run);
  }

  /** Begins a run again that has failed or was cancelled, with fresh budgets. */
  Uni<Run> retry(String id, @Nullable TraceContext caller) {
    return change(
            id,
            row -> {
              var run = row.run();
              if (run.state() == RunState.SUCCEEDED) {
                throw FloeException.of(
                    ProblemType.CONFLICT,
                    "Run %s has succeeded; submit a new one instead".formatted(id));
              }
              if (!run.state().terminal()) {
                return Optional.empty();
              }
              var time =
                  Objects.requireNonNullElse(run.request().runTimeout(), config.runTimeout());
              return Optional.of(
                  RunChange.to(RunState.QUEUED)
                      .waiting("capacity", row.now())
                      .budgetFrom(run.attempt() + 1)
                      .verdict(null)
                      .memory(null)
                      .deadlineAt(row.now().plus(time))
                      .span(row.span().again(caller, row.now()))
                      .tell(EventReason.RUN_QUEUED, "Retried by hand"));
            })
        .map(Changed::run);
  }

  /** Ends a run whose own time is over; what is not overdue any more stays as it is. */
  public Uni<Run> timeOut(String id) {
    return change(
            id,
            row -> {
              var run = row.run();
              if (run.state().terminal()
                  || row.stopReason() != null
                  || row.deadlineAt().isAfter(row.now())) {
                return Optional.empty();
              }
              if (run.state() == RunState.QUEUED || run.state() == RunState.RETRYING) {
                var verdict =
                    Verdict.of(
                        VerdictReason.RUN_TIMEOUT,
                        "The run's time was over while it waited for " + run.waitingFor());
                return Optional.of(
                    RunChange.to(RunState.FAILED)
                        .verdict(verdict)
                        .tell(EventReason.RUN_FAILED, verdict, verdict.message()));
              }
              return Optional.of(RunChange.to(RunState.CANCELLING).stop(VerdictReason.RUN_TIMEOUT));
            })
        .map(Changed::run);
  }

  /** Ends a waiting run that can never begin; one that others looked at since stays as it is. */
  public Uni<Run> reject(RunRow looked, Verdict verdict) {
    return change(
            looked.id(),
            row -> {
              var state = row.run().state();
              boolean waits = state == RunState.QUEUED || state == RunState.RETRYING;
              return waits && row.claim() == looked.claim()
                  ? Optional.of(
                      RunChange.to(RunState.FAILED)
                          .verdict(verdict)
                          .tell(EventReason.RUN_FAILED, verdict, verdict.message()))
                  : Optional.empty();
            })
        .map(Changed::run);
  }

  private record Changed(Run run, RunSpan span, boolean changed) {}

  private Uni<Changed> change(String id, Function<RunRow, Optional<RunChange>> decide) {
    if (!RunId.isOne(id)) {
      return Uni.createFrom().failure(absent(id));
    }
    return Panache.withTransaction(() ->
            store
                .lock(id)
                .chain(found -> {
                  var row = found.orElseThrow(() -> absent(id));
                  return decide
                      .apply(row)
                      .map(change ->
                          store.change(row, change).map(run -> new Changed(run, row.span(), true)))
                      .orElseGet(
                          () -> Uni.createFrom().item(new Changed(row.run(), row.span(), false)));
                }))
        .invoke(this::export);
  }

  private void export(Changed changed) {
    if (changed.changed()) {
      spans.run(changed.span(), changed.run());
    }
  }

  private static FloeException absent(String id) {
    return FloeException.notFound("Run '%s'".formatted(id));
  }
}
