package dev.floe.platform.status;

import dev.floe.platform.plan.Plan;
import dev.floe.platform.release.CurrentPlans;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Looks at what runs, keeps readiness current, starts again what ended on one machine, and keeps
 * the domains' copies of Secrets current.
 */
@ApplicationScoped
class StatusLook {
  private static final Logger LOG = Logger.getLogger(StatusLook.class);

  private final ComponentStates components;
  private final CurrentPlans plans;
  private final PlatformRuntime runtime;
  private final StatusConfig config;

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
  void look() throws Throwable {
    List<String> due = await(() -> components.claimDue(config.interval(), config.batch()));
    for (var platform : due) {
      try {
        var current = await(() -> plans.find(platform));
        if (current.isPresent()) {
          look(current.get());
        }
      } catch (RuntimeException e) {
        LOG.warnf(e, "%s was not looked at", platform);
      }
    }
  }

  private void look(CurrentPlans.Current current) throws Throwable {
    var plan = current.plan();
    boolean settled =
        current.release().state().terminal() && current.release().action() == ReleaseAction.DEPLOY;
    for (var component : plan.components()) {
      try {
        if (settled) {
          runtime.revive(plan, component);
        }
        var seen = runtime.observe(plan, component);
        await(() -> components.remember(plan, component, seen));
      } catch (RuntimeUnavailableException e) {
        LOG.warnf(
            "%s of %s was not looked at: %s", component.name(), plan.platform(), e.getMessage());
        return;
      } catch (RolloutFailedException e) {
        var seen = Observation.failing("Unusable", e.getMessage(), List.of());
        await(() -> components.remember(plan, component, seen));
      }
    }
    if (settled) {
      domains(plan);
    }
  }

  private void domains(Plan plan) {
    try {
      runtime.prepareDomains(plan);
    } catch (RuntimeUnavailableException | RolloutFailedException e) {
      LOG.warnf("The domains of %s are not current: %s", plan.platform(), e.getMessage());
    }
  }

  private static <T> T await(Supplier<Uni<T>> call) throws Throwable {
    return VertxContextSupport.subscribeAndAwait(call);
  }
}
