package dev.floe.launcher.retention;

import dev.floe.launcher.database.Rounds;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.retention.RetentionStore.Leftover;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Removes what was kept long enough, in bounded batches; every step is safe to repeat. */
@ApplicationScoped
class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);

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

  void round() {
    try {
      removeObjects();
    } catch (RuntimeUnavailableException e) {
      LOG.debugf("Ended attempts are removed later: %s", e.getMessage());
    }
    untilDone(() -> transactions.call(() -> store.removeLogs(config.logs(), config.batch())));
    untilDone(() -> transactions.call(() -> store.removeRuns(config.runs(), config.batch())));
  }

  private void removeObjects() {
    untilDone(() -> {
      var leftovers = transactions.call(() -> store.objects(config.objects(), config.batch()));
      for (var leftover : leftovers) {
        remove(leftover);
        transactions.call(() -> store.removed(leftover.attempt()));
      }
      return leftovers.size();
    });
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
