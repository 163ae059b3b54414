package dev.floe.launcher.queue;

import dev.floe.contract.run.RunState;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.kit.database.DatabaseUnavailableException;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.attempt.AttemptKey;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.binding.Lookup;
import dev.floe.launcher.binding.Readiness;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.verdict.DurationText;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Looks at runs that are due and begins their next attempt, or leaves them waiting with a reason.
 * Looking is claimed first, so that two replicas do not ask the same; beginning is fenced by the
 * claim and by the run's state, so that one who was slow begins nothing.
 */
final class Dispatcher {
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);
  private static final Duration CAPACITY_PAUSE = Duration.ofSeconds(5);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

  /** Runs that are remembered as named in the log, so that each is named once. */
  private static final int UNREADABLE_NAMED = 1000;

  /** How long one that could not be read is left alone before its timeout is tried again. */
  private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(30);

  private final Transactions transactions;
  private final RunStore runs;
  private final RunService service;
  private final ClaimStore claims;
  private final BindingService bindings;
  private final AttemptEngine engine;
  private final QueueConfig config;
  private final Runnable progress;
  private final Map<String, Long> unreadable = new ConcurrentHashMap<>();

  /**
   * @param progress called after each call to the database while a round continues
   */
  Dispatcher(
      Transactions transactions,
      RunStore runs,
      RunService service,
      ClaimStore claims,
      BindingService bindings,
      AttemptEngine engine,
      QueueConfig config,
      Runnable progress) {
    this.transactions = transactions;
    this.runs = runs;
    this.service = service;
    this.claims = claims;
    this.bindings = bindings;
    this.engine = engine;
    this.config = config;
    this.progress = progress;
  }

  /** Looks at everything that is due now, as far as there is room. */
  void round() {
    while (true) {
      long room = config.maxActive() - call(engine::active);
      if (room <= 0) {
        return;
      }
      int limit = (int) Math.min(room, config.batchSize());
      long until = System.nanoTime() + config.look().dividedBy(2).toNanos();
      var due = call(() -> claims.claim(limit, config.look()));
      look(read(due), until);
      if (due.size() < limit) {
        return;
      }
    }
  }

  /** Reads what was claimed; a row that this version cannot read keeps the others from nothing. */
  private List<RunRow> read(List<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    try {
      return call(() -> runs.rows(ids));
    } catch (DatabaseUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.debugf(e, "Reading %d claimed runs one by one", ids.size());
    }
    var rows = new ArrayList<RunRow>();
    for (var id : ids) {
      try {
        rows.addAll(call(() -> runs.rows(List.of(id))));
      } catch (DatabaseUnavailableException e) {
        throw e;
      } catch (RuntimeException e) {
        unreadable(id, e);
      }
    }
    return rows;
  }

  private void unreadable(String id, RuntimeException failure) {
    if (unreadable.size() >= UNREADABLE_NAMED && !unreadable.containsKey(id)) {
      unreadable.clear();
    }
    if (unreadable.put(id, System.nanoTime()) == null) {
      LOG.errorf(
          failure,
          "Run %s cannot be read and stays as it is until a launcher that can read it looks",
          id);
    }
  }

  private void look(List<RunRow> due, long until) {
    var known = new HashMap<List<String>, Lookup>();
    for (var run : due) {
      boolean done = false;
      while (!done) {
        try {
          look(run, known);
          done = true;
        } catch (DatabaseUnavailableException e) {
          // Another replica may be frozen with a lock: PostgreSQL ends its transaction soon. Given
          // up only in time for others to claim what is left.
          if (System.nanoTime() - until > 0) {
            throw e;
          }
          LOG.debugf("Run %s: %s; trying again", run.id(), e.getMessage());
          LockSupport.parkNanos(RETRY_PAUSE.toNanos());
        } catch (RuntimeException e) {
          LOG.warnf(e, "Run %s: looking again later", run.id());
          done = true;
        }
      }
    }
  }

  private void look(RunRow run, Map<List<String>, Lookup> known) {
    var request = run.run().request();
    var lookup = known.computeIfAbsent(List.of(request.platform(), request.domain()), this::lookup);
    var missing = Readiness.missing(lookup, request.requires());
    var waiting = Readiness.waitingFor(lookup, request.requires());
    if (missing.isPresent()) {
      var verdict =
          Verdict.of(
              VerdictReason.REQUIREMENT_MISSING,
              "The run requires the kind '%s', and platform '%s' has no component of it"
                  .formatted(missing.get(), request.platform()));
      call(() -> service.reject(run, verdict));
    } else if (lookup instanceof Lookup.Unknown unknown && waitedInVain(run)) {
      var verdict =
          Verdict.of(
              VerdictReason.PLATFORM_UNKNOWN,
              "Waited %s, and %s"
                  .formatted(DurationText.of(config.unknownPlatform()), unknown.detail()));
      call(() -> service.reject(run, verdict));
    } else if (waiting.isPresent()) {
      call(() -> claims.hold(run, waiting.get(), pause(run)));
    } else if (lookup instanceof Lookup.Known platform) {
      call(() -> begin(run, platform)).ifPresent(engine::follow);
    }
  }

  private boolean waitedInVain(RunRow run) {
    return Readiness.UNKNOWN.equals(run.run().waitingFor())
        && call(() -> claims.waited(run, Readiness.UNKNOWN, config.unknownPlatform()));
  }

  private Lookup lookup(List<String> key) {
    try {
      return transactions.await(() -> bindings.lookup(key.get(0), key.get(1)));
    } finally {
      progress.run();
    }
  }

  private <T> T call(Supplier<Uni<T>> work) {
    return call(work, progress);
  }

  private <T> T call(Supplier<Uni<T>> work, Runnable afterwards) {
    try {
      return transactions.call(work);
    } finally {
      afterwards.run();
    }
  }

  private Uni<Optional<AttemptKey>> begin(RunRow looked, Lookup.Known platform) {
    return runs.lock(looked.id())
        .chain(locked -> {
          if (locked.isEmpty() || !stillMine(locked.get(), looked)) {
            return Uni.createFrom().item(Optional.empty());
          }
          return claims
              .lockCapacity()
              .chain(engine::active)
              .chain(active ->
                  active >= config.maxActive()
                      ? claims
                          .hold(locked.get(), "capacity", CAPACITY_PAUSE)
                          .replaceWith(Optional.<AttemptKey>empty())
                      : begin(locked.get(), platform.bindings()));
        });
  }

  private Uni<Optional<AttemptKey>> begin(
      RunRow run, dev.floe.contract.platform.Bindings inherited) {
    var env = inherited.bindings().stream().flatMap(binding -> binding.env().stream()).toList();
    return engine.begin(run, inherited.namespace(), env).map(Optional::of);
  }

  private static boolean stillMine(RunRow locked, RunRow looked) {
    var state = locked.run().state();
    return locked.claim() == looked.claim()
        && (state == RunState.QUEUED || state == RunState.RETRYING);
  }

  private Duration pause(RunRow run) {
    var pause = Duration.ofSeconds(1L << Math.min(run.holds(), 6));
    return pause.compareTo(config.longestHold()) < 0 ? pause : config.longestHold();
  }

  /**
   * Ends all runs whose own time is over.
   *
   * @param ended called after each call to the database
   */
  void timeOuts(Runnable ended) {
    var after = RunStore.Overdue.FIRST;
    List<RunStore.Overdue> found;
    do {
      var from = after;
      found = call(() -> runs.overdue(from, config.timeoutBatch()), ended);
      for (var run : found) {
        after = run;
        if (!wasUnreadable(run.id())) {
          timeOut(run.id(), ended);
        }
      }
    } while (found.size() >= config.timeoutBatch());
  }

  private boolean wasUnreadable(String id) {
    var tried = unreadable.get(id);
    return tried != null && System.nanoTime() - tried < UNREADABLE_PAUSE.toNanos();
  }

  private void timeOut(String id, Runnable ended) {
    try {
      call(() -> service.timeOut(id), ended);
    } catch (DatabaseUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      unreadable(id, e);
    }
  }
}
