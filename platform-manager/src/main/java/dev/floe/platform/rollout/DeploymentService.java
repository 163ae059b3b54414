package dev.floe.platform.rollout;

import dev.floe.contract.platform.PlatformDiff;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.contract.platform.Release;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.database.DatabaseFailures;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.PartialPlan;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.CurrentPlans;
import dev.floe.platform.release.IfBusy;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseJournal;
import dev.floe.platform.release.ReleaseJournal.Draft;
import dev.floe.platform.rollout.PlatformPlanner.Planned;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RolloutFailedException;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Accepts, compares and removes platforms. Blocks: call it on a virtual thread. */
@ApplicationScoped
class DeploymentService {
  private final PlatformPlanner planner;
  private final PlatformRuntime runtime;
  private final ReleaseJournal journal;
  private final CurrentPlans plans;

  DeploymentService(
      PlatformPlanner planner,
      PlatformRuntime runtime,
      ReleaseJournal journal,
      CurrentPlans plans) {
    this.planner = planner;
    this.runtime = runtime;
    this.journal = journal;
    this.plans = plans;
  }

  /**
   * Accepts a manifest; what it says is rolled out afterwards.
   *
   * @param component the only component that is changed; null for all
   * @param takeOver whether objects and fields that others manage are taken over
   * @param busy what happens while another release is under way
   * @return the new release; the one under way, or the one that runs, where it is equal and a new
   *     one would change nothing
   */
  Release deploy(
      String platform, String text, @Nullable String component, boolean takeOver, IfBusy busy) {
    return RuntimeAnswers.of(() -> {
      var planned = planner.plan(platform, text);
      var base = component == null ? Base.NONE : base(platform);
      var wanted = base.with(planned.plan(), component);
      var plan = takeOver ? wanted.takingOver() : wanted;
      var manifest = planned.manifest();
      if (!manifest.secrets().isEmpty()) {
        runtime.keepInlineSecrets(platform, PlatformPlanner.secrets(manifest));
      }
      var draft =
          new Draft(
              platform,
              ReleaseAction.DEPLOY,
              manifest.manifest().metadata().version(),
              plan.components().size(),
              manifest.tree().toString(),
              PlanText.write(plan),
              base.lastRelease());
      var deployed = await(() -> journal.deployed(draft));
      if (deployed.isPresent() && changesNothing(plan)) {
        return deployed.get().shown();
      }
      return await(() -> journal.accept(draft, warnings(planned), busy)).shown();
    });
  }

  /**
   * What a plan takes over that changes one component.
   *
   * @param lastRelease number of the platform's last release; 0 for none
   */
  private record Base(int lastRelease, @Nullable Plan plan) {
    private static final Base NONE = new Base(0, null);

    /** A plan, or what it takes over with one component of the plan. */
    private Plan with(Plan wanted, @Nullable String component) {
      return component == null || plan == null ? wanted : PartialPlan.of(plan, wanted, component);
    }
  }

  /** The release under way, else what is deployed. */
  private Base base(String platform) {
    var row = await(() -> journal.find(platform)).orElseThrow(() -> notDeployed(platform));
    var unfinished = await(() -> journal.unfinished(platform));
    if (unfinished.isEmpty() && row.currentRelease() == 0) {
      throw notDeployed(platform);
    }
    var release =
        unfinished.isEmpty()
            ? await(() -> journal.get(platform, row.currentRelease()))
            : unfinished.getLast();
    if (release.action() == ReleaseAction.REMOVE) {
      throw FloeException.of(
          ProblemType.CONFLICT,
          "%s is being removed: deploy the whole manifest afterwards".formatted(platform));
    }
    return new Base(row.lastRelease(), PlanText.read(release.plan()));
  }

  private static FloeException notDeployed(String platform) {
    return FloeException.of(
        ProblemType.CONFLICT,
        "%s is not deployed: deploy the whole manifest first".formatted(platform));
  }

  /**
   * What a deploy of this manifest would change.
   *
   * @param component the only component that would be changed; null for all
   */
  PlatformDiff diff(String platform, String text, @Nullable String component) {
    return RuntimeAnswers.of(() -> {
      var planned = planner.plan(platform, text);
      var base = component == null ? Base.NONE : base(platform);
      var plan = base.with(planned.plan(), component);
      @Nullable Plan former =
          await(() -> plans.find(platform)).map(CurrentPlans.Current::plan).orElse(null);
      return new PlatformDiff(platform, changes(former, plan), warnings(planned));
    });
  }

  private static List<String> warnings(Planned planned) {
    return Stream.concat(
            planned.manifest().warnings().stream().map(PlatformPlanner::words),
            planned.plan().leftOut().stream())
        .toList();
  }

  private boolean changesNothing(Plan plan) {
    try {
      return changes(plan, plan).isEmpty();
    } catch (RolloutFailedException e) {
      return false; // its release says why
    }
  }

  private List<ObjectChange> changes(@Nullable Plan former, Plan plan) {
    var applied = await(() -> journal.applied(plan.platform(), Integer.MAX_VALUE));
    var domains = await(() -> journal.domains(plan.platform(), Integer.MAX_VALUE));
    return runtime.diff(former, applied, domains, plan);
  }

  /**
   * Takes a platform's components away; data stay.
   *
   * @return the release that does so; empty when it is removed already
   */
  Optional<Release> remove(String platform) {
    var row = await(() -> journal.platform(platform));
    if (row.removed()) {
      return Optional.empty();
    }
    int number = row.currentRelease() > 0 ? row.currentRelease() : row.lastRelease();
    var release = await(() -> journal.get(platform, number));
    var draft =
        new Draft(
            platform,
            ReleaseAction.REMOVE,
            release.version(),
            release.components(),
            release.manifest(),
            release.plan());
    return Optional.of(await(() -> journal.accept(draft, List.of(), IfBusy.REPLACE)).shown());
  }

  /** Asks for the end of a release under way; what it has applied stays. */
  Release abort(String platform, int number) {
    return await(() -> journal.abort(platform, number)).shown();
  }

  private static <T> T await(Supplier<Uni<T>> call) {
    try {
      return VertxContextSupport.subscribeAndAwait(call);
    } catch (Throwable e) {
      throw DatabaseFailures.unchecked(e);
    }
  }
}
