package dev.floe.platform.rollout;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import dev.floe.platform.runtime.WritePermit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A runtime that does what a test tells it to. What it is told about a call holds from the first
 * such call on for a time, then what it was told next, in the end success.
 */
public final class TestRuntime implements PlatformRuntime {
  /** Platforms of which a component was observed. */
  public final List<String> observed = new ArrayList<>();

  /** Names of the objects that were applied or deleted. */
  final List<String> written = new ArrayList<>();

  /** Domains that may run jobs, each after its platform. */
  public final Set<String> granted = new TreeSet<>();

  /** Names of the objects that were removed. */
  final List<String> removed = new ArrayList<>();

  /** Jobs that have ended. */
  final List<JobRun> jobRuns = new ArrayList<>();

  Removal removal = new Removal(List.of(), List.of());

  private final LongSupplier nanos;
  private final Map<String, Deque<Phase>> phases = new HashMap<>();

  /** What a call does from its first use on, for so long. */
  private static final class Phase {
    private final Duration length;
    private final Runnable behaviour;
    private long since = -1;

    private Phase(Duration length, Runnable behaviour) {
      this.length = length;
      this.behaviour = behaviour;
    }
  }

  /** What an observation finds. */
  private static final class Found extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;
    private final transient Observation seen;

    private Found(Observation seen) {
      this.seen = seen;
    }
  }

  /**
   * @param nanos a clock that only grows
   */
  public TestRuntime(LongSupplier nanos) {
    this.nanos = nanos;
  }

  public void awayFor(String call, Duration length) {
    add(
        call,
        length,
        () -> {
          throw away();
        });
  }

  /** The call is worth repeating, though the runtime is not away. */
  public void unavailable(String call, Duration length, Extent extent) {
    add(
        call,
        length,
        () -> {
          throw new RuntimeUnavailableException(
              extent, "the namespace sales is being terminated", new IllegalStateException());
        });
  }

  public void refuse(String call, Duration length) {
    add(
        call,
        length,
        () -> {
          throw new RolloutFailedException("refused");
        });
  }

  /** Null: the runtime is away. */
  void observe(String component, Duration length, @Nullable Observation seen) {
    add(
        "observe " + component,
        length,
        () -> {
          if (seen == null) {
            throw away();
          }
          throw new Found(seen);
        });
  }

  public void onNext(String call, Runnable behaviour) {
    add(call, Duration.ZERO, behaviour);
  }

  private static RuntimeUnavailableException away() {
    return new RuntimeUnavailableException(
        Extent.CONNECTION, "the API server cannot be reached", new IllegalStateException());
  }

  private void add(String call, Duration length, Runnable behaviour) {
    phases.computeIfAbsent(call, name -> new ArrayDeque<>()).add(new Phase(length, behaviour));
  }

  private void called(String call) {
    var left = phases.getOrDefault(call, new ArrayDeque<>());
    while (!left.isEmpty()) {
      var phase = left.getFirst();
      boolean first = phase.since < 0;
      phase.since = first ? nanos.getAsLong() : phase.since;
      if (first || nanos.getAsLong() - phase.since < phase.length.toNanos()) {
        phase.behaviour.run();
        return;
      }
      left.removeFirst();
    }
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public ObjectNode facts(String platform) {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public boolean serves(String kind) {
    return true;
  }

  @Override
  public int port(String platform, String component, String name) {
    return 1;
  }

  @Override
  public void keepInlineSecrets(String platform, Map<String, Map<String, String>> secrets) {}

  @Override
  public void prepare(Plan plan, WritePermit permit) {
    called("prepare");
  }

  @Override
  public void apply(
      Plan plan,
      PlannedComponent component,
      WritePermit permit,
      Consumer<AppliedObject> applied,
      Consumer<String> progress) {
    called("apply");
    for (var object : component.objects()) {
      write(object, permit);
      applied.accept(new AppliedObject(object, "uid-of-" + name(object)));
    }
  }

  @Override
  public Observation observe(Plan plan, PlannedComponent component) {
    try {
      called("observe");
      called("observe " + component.name());
      observed.add(plan.platform());
    } catch (Found e) {
      return e.seen;
    }
    return Observation.ready(List.of());
  }

  @Override
  public List<JobRun> jobRuns(Plan plan, PlannedComponent component) {
    return List.copyOf(jobRuns);
  }

  @Override
  public void revive(Plan plan, PlannedComponent component, WritePermit permit) {
    called("revive");
    permit.check();
  }

  @Override
  public void prepareDomains(Plan plan, WritePermit permit) {
    called("prepareDomains");
    called("prepareDomains " + plan.platform());
    for (var domain : plan.domains()) {
      permit.check();
      granted.add(plan.platform() + "/" + domain.name());
    }
  }

  @Override
  public List<String> revoke(Plan plan, List<PlannedDomain> former, WritePermit permit) {
    called("revoke");
    return former.stream()
        .filter(domain -> !plan.domains().contains(domain))
        .map(domain -> plan.platform() + "/" + domain.name())
        .filter(granted::remove)
        .map(name -> name + " is revoked")
        .toList();
  }

  @Override
  public Removal remove(
      Plan remaining, List<AppliedObject> objects, boolean gone, WritePermit permit) {
    called("remove");
    for (var object : objects) {
      write(object.tree(), permit);
      removed.add(name(object.tree()));
    }
    return removal;
  }

  private static String name(ObjectNode object) {
    return object.path("metadata").path("name").asText();
  }

  private void write(ObjectNode object, WritePermit permit) {
    permit.check();
    written.add(name(object));
  }

  @Override
  public List<ObjectChange> diff(
      @Nullable Plan former, List<AppliedObject> applied, List<PlannedDomain> domains, Plan plan) {
    return List.of();
  }

  @Override
  public ComponentLog logs(Plan plan, PlannedComponent component, LogRequest request) {
    called("logs");
    return sink -> {};
  }

  @Override
  public void emit(Plan plan, EventReason reason, String note) {}
}
