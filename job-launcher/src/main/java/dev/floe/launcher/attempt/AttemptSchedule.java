package dev.floe.launcher.attempt;

import dev.floe.contract.run.RunRequest;
import dev.floe.kit.loop.Rounds;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.binding.Lookup;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.LoopHealth;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.feed.Notice;
import dev.floe.launcher.feed.Notifications;
import dev.floe.launcher.log.LogConfig;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.log.LogStore;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.trace.FinishedSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Runs the engine of this replica: wakes it, renews its leases, takes over what others left. */
@ApplicationScoped
class AttemptSchedule {
  private static final Logger LOG = Logger.getLogger(AttemptSchedule.class);

  private final Rounds renewing;
  private final Rounds takingOver;
  private final AttemptEngine engine;
  private final JobRuntime runtime;
  private final Notifications notifications;
  private final BindingService bindings;

  AttemptSchedule(
      AttemptEngine engine,
      JobRuntime runtime,
      Notifications notifications,
      BindingService bindings,
      MeterRegistry meters,
      LoopHealth health) {
    this.renewing = health.rounds("Renewing leases");
    this.takingOver = health.rounds("Taking over attempts");
    this.engine = engine;
    this.runtime = runtime;
    this.notifications = notifications;
    this.bindings = bindings;
    meters.gauge("floe.launcher.attempts.held", engine, AttemptEngine::held);
  }

  @Produces
  @Singleton
  static AttemptEngine engine(
      @ConfigProperty(name = "HOSTNAME") Optional<String> host,
      Transactions transactions,
      RunStore runs,
      AttemptStore attempts,
      Json json,
      JobRuntime runtime,
      LogStore logs,
      LogConfig logConfig,
      AttemptConfig config,
      RunConfig runConfig,
      FinishedSpans spans,
      MeterRegistry meters) {
    return new AttemptEngine(
        host.orElse("launcher") + "-" + UUID.randomUUID(),
        transactions,
        runs,
        attempts,
        json,
        runtime,
        new LogSource(runtime, transactions, logs, logConfig),
        config,
        runConfig,
        spans,
        meters);
  }

  void start(@Observes StartupEvent event) {
    engine.checkNamespaces(this::undeclared);
    runtime.listen(engine::changed);
    notifications.listen(notice -> {
      if (notice.kind() == Notice.Kind.STATE) {
        engine.changed(notice.runId());
      }
    });
  }

  private Optional<String> undeclared(RunRequest request) {
    try {
      var lookup =
          VertxContextSupport.subscribeAndAwait(
              () -> bindings.lookup(request.platform(), request.domain()));
      return lookup instanceof Lookup.Unknown unknown
          ? Optional.of(unknown.detail())
          : Optional.empty();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    engine.halt();
    // The database is still there: ShutdownEvent comes before its pool is closed.
    try {
      Thread.ofVirtual().start(engine::stop).join(java.time.Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.debugf("%s has released its attempts", engine.owner());
  }

  @Scheduled(
      every = "${floe.launcher.attempt.renew-every:PT5S}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void renew() {
    renewing.run(engine::renew);
  }

  @Scheduled(
      every = "${floe.launcher.attempt.take-over-every:PT2S}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void takeOver() {
    takingOver.run(engine::takeOver);
  }
}
