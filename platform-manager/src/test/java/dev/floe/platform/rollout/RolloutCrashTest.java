package dev.floe.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.ObjectKey;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.Interruption;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.WritePermit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * platform-manager dies, or freezes while another replica goes to the end, before and after every
 * step of the journal and every write to the runtime. Whatever happens, what runs in the end is
 * what the newest release says, and what is not floe's is untouched.
 */
class RolloutCrashTest {
  private static final String FOREIGN = "of others";
  private static final PlannedDomain SALES = new PlannedDomain("sales", "sales", List.of());
  private static final PlannedDomain STOCK = new PlannedDomain("stock", "stock", List.of());

  /** First release: three objects in two components. */
  private static final Plan FIRST =
      plan(
          1,
          List.of(SALES, STOCK),
          component("db", List.of(), "db", "init"),
          component("app", List.of("db"), "old"));

  /** Another component instead, and a domain less. */
  private static final Plan SECOND =
      plan(
          2,
          List.of(SALES),
          component("db", List.of(), "db"),
          component("ui", List.of("db"), "ui", "job-ui", "ui-service"));

  /** The process ends: nothing that it would have done afterwards happens. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What is there, and a step at which something happens. */
  private static final class World {
    /** Objects by name, with the release that wrote them last. */
    private final Map<String, String> live = new TreeMap<>(Map.of("volume", FOREIGN));

    private final Set<String> granted = new TreeSet<>();
    private int steps;
    private int at = Integer.MAX_VALUE;
    private Runnable happens = () -> {};

    void step() {
      if (++steps == at) {
        happens.run();
      }
    }
  }

  private static Plan plan(int release, List<PlannedDomain> domains, PlannedComponent... all) {
    return new Plan(
        "p", "kubernetes", "floe-p", List.of(all), domains, List.of("written-by-" + release));
  }

  private static PlannedComponent component(String name, List<String> after, String... objects) {
    var trees =
        Stream.of(objects)
            .map(object -> {
              var kind = object.startsWith("job-") ? "Job" : "ConfigMap";
              var tree = JsonNodeFactory.instance.objectNode().put("kind", kind);
              tree.putObject("metadata").put("name", object);
              return tree;
            })
            .toList();
    return new PlannedComponent(name, name, name, "1", after, trees, List.of(), List.of(), null);
  }

  /** A runtime over a {@link World}; every write is checked, and done in one step. */
  private record ModelRuntime(World world) implements PlatformRuntime {
    private void write(WritePermit permit, Runnable write) {
      world.step();
      permit.check();
      world.step();
      write.run();
      world.step();
    }

    @Override
    public void apply(
        Plan plan,
        PlannedComponent component,
        WritePermit permit,
        Consumer<AppliedObject> applied,
        Consumer<String> progress) {
      var release = plan.inlineSecrets().getFirst();
      for (var object : component.objects()) {
        assertPhase(plan, component, object);
        write(permit, () -> world.live.put(name(object), release));
        applied.accept(new AppliedObject(object, "uid-of-" + name(object)));
      }
    }

    /** What stands before a Job is there when it begins, and the Job before what stands behind. */
    private void assertPhase(Plan plan, PlannedComponent part, ObjectNode object) {
      var whole =
          plan.components().stream()
              .filter(one -> one.name().equals(part.name()))
              .findFirst()
              .orElseThrow();
      for (var before : whole.objects()) {
        if (before.equals(object)) {
          return;
        }
        assertThat(world.live).as("before %s", name(object)).containsKey(name(before));
      }
    }

    @Override
    public void prepareDomains(Plan plan, WritePermit permit) {
      plan.domains().forEach(domain -> write(permit, () -> world.granted.add(domain.name())));
    }

    @Override
    public List<String> revoke(Plan plan, List<PlannedDomain> former, WritePermit permit) {
      var revoked = new ArrayList<String>();
      for (var domain : former) {
        if (!plan.domains().contains(domain) && world.granted.contains(domain.name())) {
          write(permit, () -> world.granted.remove(domain.name()));
          revoked.add(domain.name());
        }
      }
      return revoked;
    }

    @Override
    public Removal remove(
        Plan remaining, List<AppliedObject> objects, boolean gone, WritePermit permit) {
      var planned = remaining.keys();
      var removed = new ArrayList<String>();
      for (var object : objects) {
        var name = name(object.tree());
        if (planned.add(object.key()) && !FOREIGN.equals(world.live.getOrDefault(name, FOREIGN))) {
          write(permit, () -> world.live.remove(name));
          removed.add(name);
        }
      }
      return new Removal(removed, List.of());
    }

    @Override
    public Observation observe(Plan plan, PlannedComponent component) {
      boolean ready =
          component.objects().stream().map(ModelRuntime::name).allMatch(world.live::containsKey);
      return ready
          ? Observation.ready(List.of())
          : Observation.waiting("NotStarted", null, List.of());
    }

    private static String name(ObjectNode object) {
      return object.path("metadata").path("name").asText();
    }

    @Override
    public void prepare(Plan plan, WritePermit permit) {
      write(permit, () -> {});
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
    public List<JobRun> jobRuns(Plan plan, PlannedComponent component) {
      return List.of();
    }

    @Override
    public void revive(Plan plan, PlannedComponent component, WritePermit permit) {}

    @Override
    public List<ObjectChange> diff(
        @Nullable Plan former,
        List<AppliedObject> applied,
        List<PlannedDomain> domains,
        Plan plan) {
      return List.of();
    }

    @Override
    public ComponentLog logs(Plan plan, PlannedComponent component, LogRequest request) {
      return sink -> {};
    }

    @Override
    public void emit(Plan plan, EventReason reason, String note) {
      world.step();
    }
  }

  /** The journal of all releases, with one lease. */
  private static final class Journal {
    private final World world;
    private final List<Plan> plans = new ArrayList<>();
    private final Map<Integer, ReleaseState> states = new HashMap<>();
    private final Map<Integer, Integer> ready = new HashMap<>();
    private final Map<String, String> inventory = new TreeMap<>();
    private long epoch;

    private Journal(World world) {
      this.world = world;
    }

    private int accept(Plan plan) {
      plans.add(plan);
      states.put(plans.size(), ReleaseState.PENDING);
      return plans.size();
    }

    private ReleaseState state(int release) {
      return states.getOrDefault(release, ReleaseState.PENDING);
    }

    /** A replica takes the lease and rolls out the newest release. */
    private void rollOut(ReleaseAction action) throws InterruptedException {
      int number = plans.size();
      for (int older = 1; older < number; older++) {
        if (!state(older).terminal()) {
          states.put(older, ReleaseState.ABORTED);
        }
      }
      if (state(number).terminal()) {
        return;
      }
      var plan = plans.getLast();
      var lease = new Lease("p", "me", ++epoch);
      var release =
          new StoredRelease(
              "p",
              number,
              action,
              state(number),
              null,
              null,
              ready.getOrDefault(number, 0),
              plan.components().size(),
              "{}",
              PlanText.write(plan),
              Instant.EPOCH,
              null,
              false);
      new Rollout(
              new Records(lease, number),
              new ModelRuntime(world),
              new RolloutTest.Config(),
              Duration.ofMinutes(1),
              lease,
              release,
              () -> false,
              new TestPace())
          .run();
    }

    private final class Records extends TestRecords {
      private final Lease mine;
      private final int number;

      private Records(Lease mine, int number) {
        this.mine = mine;
        this.number = number;
      }

      private void held() {
        if (mine.epoch() != epoch) {
          throw new LeaseLostException("p");
        }
      }

      @Override
      void record(Lease lease, Step step) {
        world.step();
        held();
        states.put(number, step.state());
        ready.put(number, step.componentsReady());
        world.step();
      }

      @Override
      void removed(Lease lease, Step step) {
        record(lease, step);
      }

      @Override
      void checkLease(Lease lease) {
        held();
      }

      @Override
      Interruption interruption(String platform, int release) {
        return new Interruption(plans.size() > release ? plans.size() : 0, false);
      }

      @Override
      List<AppliedObject> applied(String platform, int upTo) {
        return plans.stream()
            .flatMap(plan -> plan.components().stream())
            .flatMap(component -> component.objects().stream())
            .distinct()
            .map(object ->
                new AppliedObject(object, inventory.get(object.at("/metadata/name").asText())))
            .toList();
      }

      @Override
      void recordApplied(Lease lease, int release, String component, List<AppliedObject> objects) {
        world.step();
        held();
        objects.forEach(object -> inventory.put(object.key().name(), String.valueOf(object.uid())));
        world.step();
      }

      @Override
      List<AppliedObject> jobs(String platform) {
        return applied(platform, plans.size()).stream()
            .filter(object -> object.key().kind().equals("Job"))
            .filter(object -> object.uid() != null)
            .toList();
      }

      /** None stays. */
      @Override
      List<AppliedObject> oldJobs(Plan plan) {
        return jobs(plan.platform());
      }

      @Override
      void forget(Lease lease, List<AppliedObject> objects) {
        world.step();
        held();
        objects.forEach(object -> inventory.remove(object.key().name()));
        world.step();
      }

      @Override
      List<PlannedDomain> domains(String platform, int upTo) {
        return plans.stream().flatMap(plan -> plan.domains().stream()).distinct().toList();
      }
    }
  }

  private static Journal deployed(Plan... plans) throws InterruptedException {
    var journal = new Journal(new World());
    for (var plan : plans) {
      journal.accept(plan);
      journal.rollOut(ReleaseAction.DEPLOY);
    }
    return journal;
  }

  /** What is recorded is what was applied, and no more. */
  private static void assertRecorded(Journal journal, Plan plan) {
    assertThat(journal.inventory.keySet())
        .containsExactlyInAnyOrderElementsOf(plan.keys().stream().map(ObjectKey::name).toList());
  }

  private static void assertRuns(World world, Plan plan) {
    var expected = new TreeMap<String, String>(Map.of("volume", FOREIGN));
    plan.components()
        .forEach(component ->
            component
                .objects()
                .forEach(object ->
                    expected.put(ModelRuntime.name(object), plan.inlineSecrets().getFirst())));
    assertThat(world.live).isEqualTo(expected);
    assertThat(world.granted)
        .containsExactlyElementsOf(
            plan.domains().stream().map(PlannedDomain::name).sorted().toList());
  }

  private static void assertNothingRuns(World world) {
    assertThat(world.live).containsOnly(Map.entry("volume", FOREIGN));
    assertThat(world.granted).isEmpty();
  }

  /** What a replica does until it dies; false where it was done before that. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static boolean dies(World world, int at, Work work) throws InterruptedException {
    world.steps = 0;
    world.at = at;
    world.happens =
        () -> {
          throw new Killed();
        };
    try {
      work.run();
      return false;
    } catch (Killed e) {
      return true;
    } finally {
      world.at = Integer.MAX_VALUE;
    }
  }

  @Test
  void aReplicaDiesAtEveryStepOfADeploy() throws InterruptedException {
    boolean died = true;
    int deaths = 0;
    for (int at = 1; died; at++) {
      // Given
      var journal = deployed(FIRST);
      journal.accept(SECOND);
      // When
      died = dies(journal.world, at, () -> journal.rollOut(ReleaseAction.DEPLOY));
      journal.rollOut(ReleaseAction.DEPLOY);
      // Then
      assertThat(journal.state(2)).as("death %d", at).isEqualTo(ReleaseState.DEPLOYED);
      assertRuns(journal.world, SECOND);
      assertRecorded(journal, SECOND);
      deaths += died ? 1 : 0;
    }
    assertThat(deaths).isGreaterThan(30);
  }

  @Test
  void aReplicaDiesAtEveryStepAndANewerReleaseComes() throws InterruptedException {
    boolean died = true;
    for (int at = 1; died; at++) {
      // Given
      var journal = deployed(FIRST);
      journal.accept(SECOND);
      died = dies(journal.world, at, () -> journal.rollOut(ReleaseAction.DEPLOY));
      // When: what is asked for is the first again
      journal.accept(FIRST);
      journal.rollOut(ReleaseAction.DEPLOY);
      // Then
      assertThat(journal.state(3)).isEqualTo(ReleaseState.DEPLOYED);
      assertRuns(journal.world, FIRST);
      assertRecorded(journal, FIRST);
    }
  }

  @Test
  void aReplicaDiesAtEveryStepOfARemoval() throws InterruptedException {
    boolean died = true;
    for (int at = 1; died; at++) {
      // Given: the second release left something of the first behind
      var journal = deployed(FIRST);
      journal.accept(SECOND);
      int early = at;
      dies(journal.world, early, () -> journal.rollOut(ReleaseAction.DEPLOY));
      journal.accept(SECOND);
      // When
      died = dies(journal.world, at, () -> journal.rollOut(ReleaseAction.REMOVE));
      journal.rollOut(ReleaseAction.REMOVE);
      // Then
      assertThat(journal.state(3)).isEqualTo(ReleaseState.DEPLOYED);
      assertNothingRuns(journal.world);
    }
  }

  /** It wakes when another replica is done, and may have been allowed one write before. */
  @Test
  void aReplicaFreezesAtEveryStepWhileAnotherRollsOutANewerRelease() throws InterruptedException {
    boolean froze = true;
    for (int at = 1; froze; at++) {
      // Given
      var journal = deployed(FIRST);
      journal.accept(SECOND);
      var world = journal.world;
      var happened = new ArrayList<String>();
      world.steps = 0;
      world.at = at;
      world.happens =
          () -> {
            happened.add("frozen");
            journal.accept(FIRST);
            rollOutUnchecked(journal);
          };
      // When
      try {
        journal.rollOut(ReleaseAction.DEPLOY);
      } catch (LeaseLostException e) {
        happened.add(String.valueOf(e.getMessage()));
      }
      // Then
      froze = !happened.isEmpty();
      if (froze) {
        assertThat(journal.state(3)).isEqualTo(ReleaseState.DEPLOYED);
        assertThat(lateWrites(world)).as("frozen at %d", at).isLessThanOrEqualTo(1);
        assertThat(world.live).containsEntry("volume", FOREIGN);
      }
    }
  }

  private static void rollOutUnchecked(Journal journal) {
    try {
      journal.rollOut(ReleaseAction.DEPLOY);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Differences from what the first plan says, which was rolled out last. */
  private static long lateWrites(World world) {
    var expected = new TreeMap<String, String>(Map.of("volume", FOREIGN));
    FIRST
        .components()
        .forEach(component ->
            component
                .objects()
                .forEach(object -> expected.put(ModelRuntime.name(object), "written-by-1")));
    var names = new TreeSet<>(expected.keySet());
    names.addAll(world.live.keySet());
    long objects =
        names.stream()
            .filter(name -> !String.valueOf(expected.get(name)).equals(world.live.get(name)))
            .count();
    var grants = new TreeSet<>(world.granted);
    boolean same = grants.equals(new TreeSet<>(Set.of("sales", "stock")));
    return objects + (same ? 0 : 1);
  }
}
