package dev.floe.launcher.queue;

import dev.floe.kit.loop.Rounds;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.database.LoopHealth;
import dev.floe.launcher.database.RoundsOnDemand;
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

/** Has the dispatcher look: when told of a waiting run, when there is room again, and regularly. */
@ApplicationScoped
class QueueSchedule {
  private final Rounds looking;
  private final Rounds timingOut;
  private final RoundsOnDemand dispatching;
  private final Dispatcher dispatcher;
  private final Notifications notifications;
  private final AttemptEngine engine;
  private volatile boolean stopped;

  QueueSchedule(
      Transactions transactions,
      RunStore runs,
      RunService service,
      ClaimStore claims,
      BindingService bindings,
      AttemptEngine engine,
      QueueConfig config,
      Notifications notifications,
      LoopHealth health) {
    this.looking = health.rounds("Looking at waiting runs");
    this.timingOut = health.rounds("Ending runs at their timeout");
    this.dispatcher =
        new Dispatcher(
            transactions, runs, service, claims, bindings, engine, config, looking::progress);
    this.dispatching = new RoundsOnDemand("dispatcher", () -> looking.run(dispatcher::round));
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
      timingOut.run(() -> dispatcher.timeOuts(timingOut::progress));
    }
  }

  private void ask() {
    if (!stopped) {
      dispatching.ask();
    }
  }
}
