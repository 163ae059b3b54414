package dev.floe.launcher.retention;

import dev.floe.kit.database.DatabaseUnavailableException;
import dev.floe.kit.loop.Rounds;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.retention.RetentionStore.Leftover;
import dev.floe.launcher.runtime.AccessLostException;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Removes what was kept long enough, in bounded batches; every step is safe to repeat. */
@ApplicationScoped
class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);

  /**
   * After so many calls in a row without an answer the runtime, or the database, is left alone
   * until next time.
   */
  private static final int UNANSWERED = 5;

  private final Rounds rounds = new Rounds("Removing what was kept long enough");
  private final Transactions transactions;
  private final RetentionStore store;
  private final JobRuntime runtime;
  private final RetentionConfig config;

  Retention(
      Transactions transactions, RetentionStore store, JobRuntime runtime, RetentionConfig config) {
    this.transactions = transactions;
    this.store = store;
    this.runtime = runtime;
    this.config = config;
  }

  @Scheduled(
      every = "${floe.launcher.retention.every:PT1M}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void regularly() {
    rounds.run(this::round);
  }

  /** What fails of one kind keeps no other: all are tried, then the first failure is thrown. */
  void round() {
    var failures = new ArrayList<RuntimeException>();
    for (var part : List.<Runnable>of(this::removeObjects, this::removeLogs, this::removeRuns)) {
      try {
        part.run();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    throwFirst(failures);
  }

  private static void throwFirst(List<RuntimeException> failures) {
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void removeLogs() {
    oneByOne(() -> store.oldLogs(config.logs(), config.batch()), store::removeLog);
  }

  private void removeRuns() {
    oneByOne(
        () -> store.oldRuns(config.runs(), config.batch()),
        id -> store.removeRun(id, config.runs()));
  }

  /**
   * Each in a transaction of its own: a run or a log may be large, many of them take longer than a
   * statement may, and one that cannot be removed keeps the others from nothing.
   */
  private <T> void oneByOne(Supplier<Uni<List<T>>> find, Function<T, Uni<Integer>> remove) {
    untilDone(() -> {
      int removed = 0;
      int unanswered = 0;
      var failures = new ArrayList<RuntimeException>();
      var due = new ArrayList<>(transactions.call(find));
      // What fails is not always first, and replicas remove different ones.
      Collections.shuffle(due);
      for (var one : due) {
        try {
          removed += transactions.call(() -> remove.apply(one));
          unanswered = 0;
        } catch (RuntimeException e) {
          LOG.debugf("%s is removed later: %s", one, e.getMessage());
          failures.add(e);
          if (e instanceof DatabaseUnavailableException && ++unanswered >= UNANSWERED) {
            break;
          }
        }
      }
      throwFirst(failures);
      return removed;
    });
  }

  /** Each object has its own next try: what cannot be removed keeps nothing else. */
  private void removeObjects() {
    var pass = new Pass();
    untilDone(() -> {
      if (pass.unanswered >= UNANSWERED) {
        return 0;
      }
      var leftovers =
          transactions.call(() -> store.take(config.objects(), config.runs(), config.batch()));
      for (var leftover : leftovers) {
        if (pass.unanswered < UNANSWERED) {
          tryToRemove(leftover, pass);
        }
      }
      return leftovers.size();
    });
    if (pass.givenUp > 0) {
      LOG.warnf(
          "%d Jobs are given up, because their runs are kept no longer and job-launcher has lost"
              + " access to them; one that is still there is removed by hand. The last: %s",
          pass.givenUp, pass.lastGivenUp);
    }
  }

  /** What one pass over the objects has met. */
  private static final class Pass {
    private int unanswered;
    private int givenUp;
    private String lastGivenUp = "";
  }

  private void tryToRemove(Leftover leftover, Pass pass) {
    try {
      remove(leftover);
      pass.unanswered = 0;
      transactions.call(() -> store.removed(leftover.attempt()));
    } catch (AccessLostException e) {
      pass.unanswered = 0;
      if (leftover.runIsDue()) {
        pass.givenUp++;
        pass.lastGivenUp = "%s: %s".formatted(leftover.attempt().name(), e.getMessage());
        transactions.call(() -> store.removed(leftover.attempt()));
      } else {
        later(leftover, e);
      }
    } catch (RuntimeUnavailableException e) {
      pass.unanswered = e.answered() ? 0 : pass.unanswered + 1;
      later(leftover, e);
    } catch (RuntimeException e) {
      later(leftover, e);
    }
  }

  private static void later(Leftover leftover, RuntimeException e) {
    if (leftover.tries() == 0 && !(e instanceof RuntimeUnavailableException)) {
      LOG.warnf(e, "%s is removed later", leftover.attempt().name());
    } else {
      LOG.debugf("%s is removed later: %s", leftover.attempt().name(), e.getMessage());
    }
  }

  private void remove(Leftover leftover) {
    var uid = leftover.uid();
    if (uid == null) {
      uid =
          switch (runtime.observe(leftover.attempt())) {
            case Observation.Absent ignored -> null;
            case Observation.Waiting waiting -> waiting.uid();
            case Observation.Running running -> running.uid();
            case Observation.Ended ended -> ended.uid();
          };
    }
    if (uid != null) {
      runtime.delete(leftover.attempt(), uid);
    }
  }

  private void untilDone(Supplier<Integer> batch) {
    int removed;
    do {
      removed = batch.get();
    } while (removed >= config.batch());
  }
}
