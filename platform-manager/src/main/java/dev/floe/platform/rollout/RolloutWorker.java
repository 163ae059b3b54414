package dev.floe.platform.rollout;

import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RuntimeConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Takes releases that nobody rolls out and rolls them out, one per platform, each on a virtual
 * thread and under a lease that it renews.
 */
@ApplicationScoped
class RolloutWorker {
  private static final Logger LOG = Logger.getLogger(RolloutWorker.class);

  /** Rollouts of one replica at a time; others wait for it or for another replica. */
  private static final int MOST = 16;

  private final RolloutRecords records;
  private final PlatformRuntime runtime;
  private final RolloutConfig config;
  private final RuntimeConfig runtimeConfig;
  private final String owner = UUID.randomUUID().toString();
  private final Map<Lease, Thread> running = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  RolloutWorker(
      RolloutRecords records,
      PlatformRuntime runtime,
      RolloutConfig config,
      RuntimeConfig runtimeConfig) {
    this.records = records;
    this.runtime = runtime;
    this.config = config;
    this.runtimeConfig = runtimeConfig;
  }

  @Scheduled(
      every = "${floe.platform.rollout.poll:PT1S}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void look() {
    while (!stopping && running.size() < MOST) {
      var lease = records.claim(owner, config.lease());
      if (lease.isEmpty()) {
        return;
      }
      start(lease.get());
    }
  }

  @Scheduled(
      every = "${floe.platform.rollout.renew:PT5S}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void renew() {
    running.forEach((lease, thread) -> {
      if (!records.renew(lease, config.lease())) {
        LOG.warnf("The rollout of %s is another replica's now", lease.platform());
        thread.interrupt();
      }
    });
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    running.values().forEach(Thread::interrupt);
  }

  private void start(Lease lease) {
    var thread =
        Thread.ofVirtual().name("rollout-" + lease.platform()).unstarted(() -> rollOut(lease));
    running.put(lease, thread);
    thread.start();
  }

  private void rollOut(Lease lease) {
    try {
      while (!stopping) {
        var unfinished = new ArrayList<>(records.unfinished(lease.platform()));
        if (unfinished.isEmpty()) {
          break;
        }
        var newest = unfinished.removeLast();
        for (var older : unfinished) {
          records.record(
              lease,
              new Step(
                  older.number(),
                  ReleaseState.ABORTED,
                  older.wave(),
                  "ReleaseAborted",
                  null,
                  "gave way to release %d before it was complete".formatted(newest.number())));
        }
        new Rollout(records, runtime, config, runtimeConfig.failureGrace(), lease, newest).run();
      }
      records.giveBack(lease);
    } catch (LeaseLostException e) {
      LOG.infof("%s", e.getMessage());
    } catch (InterruptedException e) {
      LOG.infof("Stopped rolling out %s; another replica goes on", lease.platform());
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warnf(e, "The rollout of %s pauses until its lease ends", lease.platform());
    } finally {
      running.remove(lease);
    }
  }
}
