package dev.floe.launcher.feed;

import dev.floe.kit.loop.Rounds;
import dev.floe.launcher.database.LoopHealth;
import dev.floe.launcher.database.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Looks up what is waited for, in case a notice was lost: one query for all who wait. */
@ApplicationScoped
class SlowLook {
  private static final int AT_ONCE = 1000;

  private final Rounds rounds;
  private final Transactions transactions;
  private final FeedStore store;
  private final Wakes wakes;

  SlowLook(Transactions transactions, FeedStore store, Wakes wakes, LoopHealth health) {
    this.rounds = health.rounds("Looking for what callers wait for");
    this.transactions = transactions;
    this.store = store;
    this.wakes = wakes;
  }

  @Scheduled(
      every = "${floe.launcher.feed.look-every:PT5S}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void look() {
    rounds.run(this::lookOnce);
  }

  private void lookOnce() {
    List<String> runs = wakes.runs();
    for (int from = 0; from < runs.size(); from += AT_ONCE) {
      var some = runs.subList(from, Math.min(from + AT_ONCE, runs.size()));
      wakes.look(transactions.call(() -> store.positions(some)));
    }
  }
}
