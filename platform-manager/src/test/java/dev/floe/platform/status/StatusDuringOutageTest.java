package dev.floe.platform.status;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.LocalHome;
import dev.floe.platform.NothingScheduled;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.CurrentPlans;
import dev.floe.platform.release.IfBusy;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseJournal;
import dev.floe.platform.release.ReleaseJournal.Draft;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.rollout.TestRuntime;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import dev.floe.platform.runtime.SeenWorkload;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What status and bindings say while the runtime is away; nothing else observes meanwhile. */
@QuarkusTest
@TestProfile(NothingScheduled.class)
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class StatusDuringOutageTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Inject ReleaseJournal journal;
  @Inject ComponentStates components;
  @Inject CurrentPlans plans;
  @Inject DataSource database;

  private final String platform = "s-" + UUID.randomUUID().toString().substring(0, 8);
  private final Plan plan = plan(platform);

  private static Plan plan(String platform) {
    return new Plan(
        platform,
        "kubernetes",
        platform,
        List.of(
            new PlannedComponent(
                "db", "compute", "db", "1", List.of(), List.of(), List.of(), List.of(), null)),
        List.of(new PlannedDomain("sales", "sales", List.of())),
        List.of());
  }

  @BeforeEach
  void deployed() {
    deploy(plan);
  }

  private void deploy(Plan plan) {
    var lease = claimAfter(ReleaseAction.DEPLOY, plan);
    record(lease, 1, ReleaseState.APPLYING);
    done(() -> journal.bind(lease, 1).replaceWith(true));
    record(lease, 1, ReleaseState.DEPLOYED);
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @AfterEach
  void resume() {
    remove(plan);
  }

  private void remove(Plan plan) {
    var lease = claimAfter(ReleaseAction.REMOVE, plan);
    int number = done(() -> journal.platform(plan.platform())).lastRelease();
    done(() ->
        journal
            .recordRemoved(lease, new Step(number, ReleaseState.DEPLOYED, 1, "Test", null, "gone"))
            .replaceWith(true));
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void readyComponentStaysReadyAndSaysWhenItWasSeen() throws Throwable {
    // Given
    var ready = Observation.ready(List.of(new WorkloadStatus("StatefulSet", "db", 1, 1, 0, null)));
    done(() -> components.remember(plan, plan.components().getFirst(), ready).replaceWith(true));
    // When
    observe(runtime -> runtime.awayFor("observe", Duration.ofHours(1)));
    // Then
    get("/platforms/" + platform)
        .body("ready", equalTo(true))
        .body("components[0].reason", equalTo("Ready"))
        .body("components[0].workloads[0].ready", equalTo(1))
        .body(
            "components[0].message",
            matchesPattern("last seen 20\\d\\d-.*Z; the API server cannot be reached"));
    get("/platforms/" + platform + "/bindings?domain=sales")
        .body("components[0].available", equalTo(true))
        .body("components[0].observedAt", matchesPattern("20\\d\\d-.*Z"));
    // When
    observe(runtime -> {});
    // Then
    get("/platforms/" + platform)
        .body("ready", equalTo(true))
        .body("components[0].message", equalTo(null));
  }

  /**
   * During an upgrade, or after one that failed, what serves is told apart from what is current.
   */
  @Test
  void whatServesWithAnEarlierConfigurationIsAvailableToJobs() throws Throwable {
    // Given: one of two replicas is the new one
    var half = new WorkloadStatus("Deployment", "db", 1, 2, 0, "1 of 2 replicas");
    var upgrading = Observation.of(List.of(new SeenWorkload(false, false, "NotReady", half)));
    // When
    done(
        () -> components.remember(plan, plan.components().getFirst(), upgrading).replaceWith(true));
    // Then
    get("/platforms/" + platform)
        .body("ready", equalTo(false))
        .body("components[0].ready", equalTo(false))
        .body("components[0].available", equalTo(true));
    get("/platforms/" + platform + "/bindings?domain=sales")
        .body("components[0].available", equalTo(true))
        .body("components[0].reason", equalTo("NotReady"));
    // When: the last one that served is gone
    var none = new WorkloadStatus("Deployment", "db", 0, 2, 0, "0 of 2 replicas");
    var gone = Observation.of(List.of(new SeenWorkload(false, false, "NotReady", none)));
    done(() -> components.remember(plan, plan.components().getFirst(), gone).replaceWith(true));
    // Then
    get("/platforms/" + platform + "/bindings?domain=sales")
        .body("components[0].available", equalTo(false));
  }

  @Test
  void componentThatLeftThePlanIsNotRememberedForItsReturn() throws Throwable {
    // Given
    var ready = Observation.ready(List.of());
    var left =
        new PlannedComponent(
            "cube",
            "semantic_layer",
            "cube",
            "1",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null);
    done(() -> components.remember(plan, left, ready).replaceWith(true));
    assertThat(done(() -> components.of(platform))).containsKey("cube");
    // When
    observe(runtime -> {});
    // Then
    assertThat(done(() -> components.of(platform))).containsOnlyKeys("db");
  }

  /** It would give a grant back that the newer release has taken. */
  @Test
  void lookThatBeganBeforeANewerReleaseWritesNothing() throws Throwable {
    // Given: a replica that freezes between reading the plan and preparing its domains
    var newer = new AtomicReference<Lease>();
    // When
    var runtime =
        observe(frozen ->
            frozen.onNext(
                "prepareDomains " + platform,
                () -> {
                  var lease = claimAfter(ReleaseAction.DEPLOY, plan);
                  newer.set(lease);
                  record(lease, 2, ReleaseState.APPLYING);
                }));
    // Then
    assertThat(runtime.granted).doesNotContain(platform + "/sales");
    record(newer.get(), 2, ReleaseState.DEPLOYED);
    done(() -> journal.giveBack(newer.get()).replaceWith(true));
    assertThat(observe(later -> {}).granted).contains(platform + "/sales");
  }

  /** What a failed release would give to its domains may not exist, now or ever. */
  @Test
  void domainsOfAFailedReleaseAreGivenNothing() throws Throwable {
    // Given: the second release has another domain, and fails before it is bound
    var second =
        new Plan(
            platform,
            "kubernetes",
            platform,
            plan.components(),
            List.of(new PlannedDomain("finance", "finance", List.of())),
            List.of());
    var lease = claimAfter(ReleaseAction.DEPLOY, second);
    record(lease, 2, ReleaseState.APPLYING);
    record(lease, 2, ReleaseState.FAILED);
    done(() -> journal.giveBack(lease).replaceWith(true));
    // When
    var runtime = observe(told -> {});
    // Then
    assertThat(runtime.granted).contains(platform + "/sales").doesNotContain(platform + "/finance");
  }

  private void record(Lease lease, int release, ReleaseState state) {
    var step = new Step(release, state, 1, "Test", null, "said");
    done(() -> journal.record(lease, step).replaceWith(true));
  }

  /** What it names may not exist, now or ever. */
  @Test
  void bindingsOfAReleaseUnderWayOrFailedAreThoseOfTheOneBefore() {
    // Given
    var ready = Observation.ready(List.of());
    done(() -> components.remember(plan, plan.components().getFirst(), ready).replaceWith(true));
    var path = "/platforms/" + platform + "/bindings?domain=sales";
    get(path).body("release", equalTo(1)).body("components[0].available", equalTo(true));
    var lease = claimAfter(ReleaseAction.DEPLOY, plan);
    for (var state : List.of(ReleaseState.APPLYING, ReleaseState.FAILED)) {
      // When
      record(lease, 2, state);
      // Then
      get(path).body("release", equalTo(1)).body("components[0].available", equalTo(true));
    }
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void bindingsOfTheFirstReleaseAreToldAndKeepJobsWaiting() {
    // Given
    var first = plan(platform + "-first");
    var lease = claimAfter(ReleaseAction.DEPLOY, first);
    record(lease, 1, ReleaseState.APPLYING);
    var ready = Observation.ready(List.of());
    done(() -> components.remember(first, first.components().getFirst(), ready).replaceWith(true));
    // Then
    var path = "/platforms/" + first.platform() + "/bindings?domain=sales";
    get(path).body("components[0].available", equalTo(false));
    // When
    done(() -> journal.bind(lease, 1).replaceWith(true));
    // Then
    get(path).body("components[0].available", equalTo(true));
    record(lease, 1, ReleaseState.DEPLOYED);
    done(() -> journal.giveBack(lease).replaceWith(true));
    remove(first);
  }

  @Test
  void refusalToLookIsNoNewsAboutAComponent() throws Throwable {
    // Given
    done(() ->
        components
            .remember(plan, plan.components().getFirst(), Observation.ready(List.of()))
            .replaceWith(true));
    // When
    observe(runtime -> runtime.refuse("observe", Duration.ofHours(1)));
    // Then
    get("/platforms/" + platform)
        .body("ready", equalTo(true))
        .body("components[0].message", matchesPattern("last seen .*; refused"));
  }

  @Test
  void componentThatWasNotReadyStaysSo() throws Throwable {
    // Given
    var failing = Observation.failing("CrashLoopBackOff", "ends at once", List.of());
    done(() -> components.remember(plan, plan.components().getFirst(), failing).replaceWith(true));
    // When
    observe(runtime -> runtime.awayFor("observe", Duration.ofHours(1)));
    // Then
    get("/platforms/" + platform)
        .body("ready", equalTo(false))
        .body("components[0].reason", equalTo("CrashLoopBackOff"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ANSWER", "OBJECT"})
  void platformWhoseDomainsAreStuckHoldsNoOtherUp(Extent extent) throws Throwable {
    // Given: whichever of the two is looked at first
    var other = plan(platform + "-other");
    deploy(other);
    try {
      // When
      var runtime =
          observe(stuck -> stuck.unavailable("prepareDomains", Duration.ofHours(1), extent));
      // Then
      assertThat(runtime.observed).contains(platform, other.platform());
      for (var name : List.of(platform, other.platform())) {
        get("/platforms/" + name)
            .body("ready", equalTo(true))
            .body("components[0].message", equalTo(null));
      }
    } finally {
      remove(other);
    }
  }

  @Test
  void busyDatabaseIsAnsweredWithAnInvitationToComeBack() throws SQLException {
    // Given: a lock that nobody gets in time
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("lock table platform_manager.platform in access exclusive mode");
        for (var method : List.of("GET", "DELETE")) {
          // When
          var answer =
              given()
                  .auth()
                  .oauth2(EmbeddedPostgresResource.TOKEN)
                  .request(method, "/api/v1/platforms/" + platform);
          // Then
          answer
              .then()
              .statusCode(503)
              .header("Retry-After", "5")
              .body("detail", startsWith("The database of platform-manager cannot be reached"));
        }
      } finally {
        connection.rollback();
      }
    }
  }

  private TestRuntime observe(java.util.function.Consumer<TestRuntime> told) throws Throwable {
    var runtime = new TestRuntime(System::nanoTime);
    told.accept(runtime);
    new StatusLook(components, plans, runtime, new Config()).look();
    return runtime;
  }

  private static io.restassured.response.ValidatableResponse get(String path) {
    return given()
        .auth()
        .oauth2(EmbeddedPostgresResource.TOKEN)
        .get("/api/v1" + path)
        .then()
        .statusCode(200);
  }

  private Lease claimAfter(ReleaseAction action, Plan plan) {
    var draft = new Draft(plan.platform(), action, "1", 1, "{}", PlanText.write(plan));
    done(() -> journal.accept(draft, List.of(), IfBusy.REPLACE));
    var lease = done(() -> journal.claim("test", LONG)).orElseThrow();
    assertThat(lease.platform()).isEqualTo(plan.platform());
    return lease;
  }

  private static <T> T done(Supplier<Uni<T>> call) {
    try {
      return VertxContextSupport.subscribeAndAwait(call);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every platform is due at once. */
  private record Config() implements StatusConfig {
    @Override
    public Duration interval() {
      return Duration.ZERO;
    }

    @Override
    public Duration poll() {
      return Duration.ofSeconds(1);
    }

    @Override
    public int batch() {
      return 1000;
    }
  }
}
