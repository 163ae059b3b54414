package dev.floe.platform.rollout;

import dev.floe.contract.EventReason;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.kit.loop.Rounds;
import dev.floe.platform.plan.PlanUnreadableException;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseEndedException;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RuntimeConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Claims releases that nobody rolls out and rolls them out, one per platform, each on a virtual
 * thread and under a lease that it renews. When this process stops, each rollout stops at its last
 * recorded step and its lease is given back, so that the next replica continues at once.
 */
@ApplicationScoped
class RolloutWorker {
  private static final Logger LOG = Logger.getLogger(RolloutWorker.class);

  /** Rollouts of one replica at a time; others wait for it or for another replica. */
  private static final int MOST = 16;

  /** How long a stop waits for the rollouts to give their leases back. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final RolloutRecords records;
  private final PlatformRuntime runtime;
  private final RolloutConfig config;
  private final RuntimeConfig runtimeConfig;
  private final String owner = UUID.randomUUID().toString();
  private final Map<Lease, Running> running = new ConcurrentHashMap<>();
  private final Rounds claiming = new Rounds("Claiming releases");
  private final Rounds renewing = new Rounds("Renewing the leases of rollouts");
  private volatile boolean stopping;

  /** A rollout of this replica. */
  private static final class Running {
    private final Thread thread;
    private volatile boolean stopped;

    private Running(Thread thread) {
      this.thread = thread;
    }

    private void stop() {
      stopped = true;
      thread.interrupt();
    }
  }

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
  void claimRegularly() {
    claiming.run(this::look);
  }

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
  void renewRegularly() {
    renewing.run(this::renew);
  }

  /**
   * A lease that cannot be renewed now keeps no other: all are tried, then the failure is thrown.
   */
  void renew() {
    @Nullable JournalUnavailableException failure = null;
    for (var entry : running.entrySet()) {
      var lease = entry.getKey();
      try {
        if (!records.renew(lease, config.lease())) {
          LOG.warnf("The rollout of %s is another replica's now", lease.platform());
          entry.getValue().stop();
        }
      } catch (JournalUnavailableException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    running.values().forEach(Running::stop);
    long until = System.nanoTime() + LONGEST_STOP.toNanos();
    try {
      for (var rollout : List.copyOf(running.values())) {
        rollout.thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(Lease lease) {
    // The thread finds itself in the map, because it is started last.
    var thread =
        Thread.ofVirtual().name("rollout-" + lease.platform()).unstarted(() -> rollOut(lease));
    running.put(lease, new Running(thread));
    thread.start();
  }

  private void rollOut(Lease lease) {
    var self = Objects.requireNonNull(running.get(lease));
    try {
      while (!stopping && !self.stopped) {
        var unfinished = records.unfinished(lease.platform());
        if (unfinished.isEmpty()) {
          break;
        }
        var next = next(unfinished);
        for (var older : unfinished.subList(0, unfinished.indexOf(next))) {
          end(
              lease,
              older,
              ReleaseState.ABORTED,
              "ReleaseAborted",
              "was replaced by release %d before it was complete".formatted(next.number()));
        }
        rollOut(lease, next, () -> stopping || self.stopped);
      }
      giveBack(lease);
    } catch (LeaseLostException e) {
      LOG.infof("%s", e.getMessage());
    } catch (PlanUnreadableException e) {
      LOG.infof(
          "The rollout of %s is left to a later version: %s", lease.platform(), e.getMessage());
      giveBack(lease);
    } catch (InterruptedException e) {
      LOG.infof("Stopped rolling out %s; another replica continues", lease.platform());
      giveBack(lease);
    } catch (RuntimeException e) {
      if (stopping || self.stopped) {
        giveBack(lease);
      } else {
        LOG.warnf(e, "The rollout of %s pauses until its lease ends", lease.platform());
      }
    } finally {
      running.remove(lease);
    }
  }

  /** The last that waits for none before it; the oldest where all wait. */
  private static StoredRelease next(List<StoredRelease> unfinished) {
    return unfinished.reversed().stream()
        .filter(release -> !release.waits())
        .findFirst()
        .orElseGet(unfinished::getFirst);
  }

  /**
   * @throws PlanUnreadableException when a later version can read its plan, and this one cannot
   */
  private void rollOut(Lease lease, StoredRelease release, BooleanSupplier stopped)
      throws InterruptedException {
    try {
      new Rollout(
              records,
              runtime,
              config,
              runtimeConfig.failureGrace(),
              lease,
              release,
              stopped,
              Pace.SYSTEM)
          .run();
    } catch (PlanUnreadableException e) {
      if (e.isLater()) {
        throw e;
      }
      LOG.errorf(e, "Release %d of %s failed", release.number(), release.platform());
      end(
          lease,
          release,
          ReleaseState.FAILED,
          EventReason.RELEASE_FAILED.value(),
          e.getMessage() + "; deploy the manifest again");
    } catch (ReleaseEndedException e) {
      LOG.infof("%s", e.getMessage());
    }
  }

  /** Ends a release that is not rolled out; one that has ended meanwhile stays as it is. */
  private void end(
      Lease lease, StoredRelease release, ReleaseState state, String type, String message) {
    try {
      records.record(
          lease, new Step(release.number(), state, release.componentsReady(), type, null, message));
    } catch (ReleaseEndedException e) {
      LOG.debugf("%s", e.getMessage());
    }
  }

  /** Without it another replica continues when the lease has ended. */
  private void giveBack(Lease lease) {
    // An interrupted thread could not wait for the database.
    Thread.interrupted();
    try {
      records.giveBack(lease);
    } catch (JournalUnavailableException e) {
      LOG.warnf("The lease of %s was not given back: %s", lease.platform(), e.getMessage());
    }
  }
}
