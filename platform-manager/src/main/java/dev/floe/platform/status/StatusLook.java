package dev.floe.platform.status;

import dev.floe.contract.platform.ReleaseState;
import dev.floe.kit.database.DatabaseFailures;
import dev.floe.kit.database.DatabaseUnavailableException;
import dev.floe.kit.loop.Rounds;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanUnreadableException;
import dev.floe.platform.release.CurrentPlans;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import dev.floe.platform.runtime.WritePermit;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what runs, keeps readiness current, starts again what ended on one machine, and keeps
 * the domains' copies of Secrets current.
 *
 * <p>Platforms fail apart from each other. Only a runtime that cannot be reached, or that answers a
 * read with an error, ends the round for the platforms that are left; what keeps one object from
 * being read or written concerns its platform alone.
 */
@ApplicationScoped
class StatusLook {
  private static final Logger LOG = Logger.getLogger(StatusLook.class);

  private final ComponentStates components;
  private final CurrentPlans plans;
  private final PlatformRuntime runtime;
  private final StatusConfig config;
  private final Rounds looking = new Rounds("Looking at platforms");
  private volatile boolean away;

  StatusLook(
      ComponentStates components,
      CurrentPlans plans,
      PlatformRuntime runtime,
      StatusConfig config) {
    this.components = components;
    this.plans = plans;
    this.runtime = runtime;
    this.config = config;
  }

  @Scheduled(
      every = "${floe.platform.status.poll:PT2S}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @RunOnVirtualThread
  void regularly() {
    looking.run(this::look);
  }

  void look() {
    List<String> due = await(() -> components.claimDue(config.interval(), config.batch()));
    @Nullable RuntimeUnavailableException outage = null;
    for (var platform : due) {
      try {
        if (outage == null) {
          var current = await(() -> plans.find(platform));
          if (current.isPresent()) {
            look(current.get());
          }
        }
      } catch (RuntimeUnavailableException e) {
        outage = e;
      } catch (DatabaseUnavailableException e) {
        throw e;
      } catch (NoLongerCurrentException e) {
        LOG.debugf("%s was changed meanwhile", platform);
      } catch (PlanUnreadableException e) {
        LOG.debugf("%s is left to a later version: %s", platform, e.getMessage());
      } catch (RuntimeException e) {
        LOG.warnf(e, "%s was not looked at", platform);
      }
      if (outage != null) {
        // The others of this round are not asked: each would wait for the same runtime.
        var why = String.valueOf(outage.getMessage());
        await(() -> components.unreachable(platform, why));
      }
    }
    if (!due.isEmpty()) {
      report(outage);
    }
  }

  /** One line when the runtime goes away, one when it is back. */
  private void report(@Nullable RuntimeUnavailableException outage) {
    if (outage != null && !away) {
      LOG.warnf(
          "Platforms keep their last known state until the runtime answers: %s",
          outage.getMessage());
    } else if (outage == null && away) {
      LOG.info("The runtime answers again; platforms are observed");
    }
    away = outage != null;
  }

  private void look(CurrentPlans.Current current) {
    var plan = current.plan();
    boolean settled =
        current.release().state().terminal() && current.release().action() == ReleaseAction.DEPLOY;
    WritePermit permit = () -> checkCurrent(current.release());
    if (current.release().state() == ReleaseState.DEPLOYED) {
      await(() -> components.forgetOthers(plan));
    }
    var look = runtime.look(plan);
    for (var component : plan.components()) {
      if (settled && !revived(plan, component, permit)) {
        continue;
      }
      try {
        // What ran once and is gone by now does not matter any more.
        boolean deployed = current.release().state() == ReleaseState.DEPLOYED;
        var seen = look.observe(deployed ? component.lasting() : component);
        await(() -> components.remember(plan, component, seen));
      } catch (RuntimeUnavailableException e) {
        if (e.extent() != Extent.OBJECT) {
          throw e;
        }
        var why = String.valueOf(e.getMessage());
        await(() -> components.unreachable(plan.platform(), component.name(), why));
      } catch (RolloutFailedException e) {
        // Not allowed to look: that says nothing about the component.
        var why = String.valueOf(e.getMessage());
        await(() -> components.unreachable(plan.platform(), component.name(), why));
      }
    }
    if (settled) {
      // Not of a release that failed: what its domains would be given may not exist, now or ever.
      await(() -> plans.bound(plan.platform())).ifPresent(bound -> domains(bound.plan(), permit));
    }
  }

  /** A look that began before a newer release writes nothing over what that one has made. */
  private void checkCurrent(StoredRelease release) {
    if (!await(() -> plans.isCurrent(release.platform(), release.number()))) {
      throw new NoLongerCurrentException();
    }
  }

  private static final class NoLongerCurrentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoLongerCurrentException() {
      super("a newer release came", null, false, false);
    }
  }

  private boolean revived(Plan plan, PlannedComponent component, WritePermit permit) {
    try {
      runtime.revive(plan, component, permit);
      return true;
    } catch (RolloutFailedException e) {
      var seen = Observation.failing("Unusable", e.getMessage(), List.of());
      await(() -> components.remember(plan, component, seen));
      return false;
    }
  }

  private void domains(Plan plan, WritePermit permit) {
    try {
      runtime.prepareDomains(plan, permit);
    } catch (RuntimeUnavailableException e) {
      // An answer to a write may be that of a webhook or of one namespace. Had the API server
      // itself
      // failed, observing the next platform would say so.
      if (e.extent() == Extent.CONNECTION) {
        throw e;
      }
      staleDomains(plan, e);
    } catch (RolloutFailedException e) {
      staleDomains(plan, e);
    }
  }

  private static void staleDomains(Plan plan, RuntimeException cause) {
    LOG.warnf(
        "The domains of %s are not current; they are tried again at the next look: %s",
        plan.platform(), cause.getMessage());
  }

  private static <T> T await(Supplier<Uni<T>> call) {
    try {
      return VertxContextSupport.subscribeAndAwait(call);
    } catch (Throwable e) {
      throw DatabaseFailures.unchecked(e);
    }
  }
}
