package dev.floe.launcher.queue;

import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.database.Rounds;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.feed.Notice;
import dev.floe.launcher.feed.Notifications;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicInteger;

/** Has the dispatcher look: when told of a waiting run, when there is room again, and regularly. */
@ApplicationScoped
class QueueSchedule {
  private final Rounds looking = new Rounds("Looking at waiting runs");
  private final Rounds timingOut = new Rounds("Ending runs at their timeout");
  private final Dispatcher dispatcher;
  private final Notifications notifications;
  private final AttemptEngine engine;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean stopped;

  QueueSchedule(
      Transactions transactions,
      RunStore runs,
      RunService service,
      ClaimStore claims,
      BindingService bindings,
      AttemptEngine engine,
      QueueConfig config,
      Notifications notifications) {
    this.dispatcher = new Dispatcher(transactions, runs, service, claims, bindings, engine, config);
    this.notifications = notifications;
    this.engine = engine;
  }

  void start(@Observes StartupEvent event) {
    engine.whenOver(this::ask);
    notifications.listen(notice -> {
      if (notice.kind() == Notice.Kind.QUEUE) {
        ask();
      }
    });
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  @Scheduled(every = "${floe.launcher.queue.every:PT1S}")
  @RunOnVirtualThread
  void regularly() {
    ask();
  }

  @Scheduled(every = "PT1S", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void timeOuts() {
    if (!stopped) {
      timingOut.run(dispatcher::timeOuts);
    }
  }

  /** One round at a time; asked during a round, another follows. */
  private void ask() {
    if (!stopped && asked.getAndIncrement() == 0) {
      Thread.ofVirtual().name("dispatcher").start(this::rounds);
    }
  }

  private void rounds() {
    int seen;
    do {
      seen = asked.get();
      looking.run(dispatcher::round);
    } while (!asked.compareAndSet(seen, 0));
  }
}
