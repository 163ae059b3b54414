package dev.floe.launcher.queue;

import dev.floe.contract.run.RunState;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.attempt.AttemptKey;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.binding.Lookup;
import dev.floe.launcher.binding.Readiness;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Looks at runs that are due and begins their next attempt, or leaves them waiting with a reason.
 * Looking is claimed first, so that two replicas do not ask the same; beginning is fenced by the
 * claim and by the run's state, so that one who was slow begins nothing.
 */
final class Dispatcher {
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);
  private static final Duration CAPACITY_PAUSE = Duration.ofSeconds(5);

  private final Transactions transactions;
  private final RunStore runs;
  private final RunService service;
  private final ClaimStore claims;
  private final BindingService bindings;
  private final AttemptEngine engine;
  private final QueueConfig config;

  Dispatcher(
      Transactions transactions,
      RunStore runs,
      RunService service,
      ClaimStore claims,
      BindingService bindings,
      AttemptEngine engine,
      QueueConfig config) {
    this.transactions = transactions;
    this.runs = runs;
    this.service = service;
    this.claims = claims;
    this.bindings = bindings;
    this.engine = engine;
    this.config = config;
  }

  /** Looks at everything that is due now, as far as there is room. */
  void round() {
    while (true) {
      long room = config.maxActive() - transactions.call(engine::active);
      if (room <= 0) {
        return;
      }
      int limit = (int) Math.min(room, config.batchSize());
      var due = transactions.call(() -> claim(limit));
      look(due);
      if (due.size() < limit) {
        return;
      }
    }
  }

  private Uni<List<RunRow>> claim(int limit) {
    return claims
        .claim(limit, config.look())
        .chain(ids -> ids.isEmpty() ? Uni.createFrom().item(List.of()) : runs.rows(ids));
  }

  private void look(List<RunRow> due) {
    var known = new HashMap<List<String>, Lookup>();
    for (var run : due) {
      var request = run.run().request();
      var lookup =
          known.computeIfAbsent(List.of(request.platform(), request.domain()), this::lookup);
      try {
        var waiting = Readiness.waitingFor(lookup, request.requires());
        if (waiting.isPresent()) {
          transactions.call(() -> claims.hold(run, waiting.get(), pause(run)));
        } else if (lookup instanceof Lookup.Known platform) {
          transactions.call(() -> begin(run, platform)).ifPresent(engine::follow);
        }
      } catch (RuntimeException e) {
        LOG.warnf(e, "Run %s: looking again later", run.id());
      }
    }
  }

  private Lookup lookup(List<String> key) {
    try {
      return VertxContextSupport.subscribeAndAwait(() -> bindings.lookup(key.get(0), key.get(1)));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
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

  /** Ends runs whose own time is over. */
  void timeOuts() {
    for (var id : transactions.call(() -> runs.overdue(config.timeoutBatch()))) {
      transactions.call(() -> service.timeOut(id));
    }
  }
}
