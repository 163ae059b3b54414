package dev.floe.platform.release;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.LocalHome;
import dev.floe.platform.NothingScheduled;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.ReleaseJournal.Draft;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.runtime.JobRun;
import dev.floe.test.EmbeddedPostgresResource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The journal with several replicas that want the same platform; no rollout runs meanwhile. */
@QuarkusTest
@TestProfile(NothingScheduled.class)
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class ReleaseJournalTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Inject ReleaseJournal journal;
  @Inject MeterRegistry meters;

  private final String platform = "j-" + UUID.randomUUID().toString().substring(0, 8);

  @AfterEach
  void endWhatWasBegun() {
    done(() -> journal.unfinished(platform))
        .forEach(release -> {
          var lease = claim("the end", LONG);
          record(lease, release.number(), ReleaseState.FAILED);
          done(() -> journal.giveBack(lease).replaceWith(true));
        });
  }

  @Test
  void twoReplicasNeverRollOutOnePlatform() {
    // Given
    accept("a");
    var first = claim("first", LONG);
    // When
    var second = done(() -> journal.claim("second", LONG));
    // Then
    assertThat(second.filter(lease -> lease.platform().equals(platform))).isEmpty();
    done(() -> journal.giveBack(first).replaceWith(true));
  }

  @Test
  void whenOneReplicaFallsSilentAnotherGoesOnAndTheFirstCanWriteNothing() {
    // Given
    accept("a");
    var late = claim("first", Duration.ofMillis(50));
    record(late, 1, ReleaseState.APPLYING);
    // When
    var next =
        await()
            .atMost(LONG)
            .until(() -> claimed("second", LONG), lease -> lease.isPresent())
            .orElseThrow();
    // Then
    assertThat(next.epoch()).isGreaterThan(late.epoch());
    assertThat(done(() -> journal.unfinished(platform)))
        .singleElement()
        .satisfies(release -> {
          assertThat(release.state()).isEqualTo(ReleaseState.APPLYING);
          assertThat(release.componentsReady()).isEqualTo(1);
        });
    assertThatThrownBy(() -> record(late, 1, ReleaseState.DEPLOYED))
        .hasStackTraceContaining("another replica rolls out " + platform);
    assertThat(done(() -> journal.renew(late, LONG))).isFalse();
    assertThat(done(() -> journal.isHeld(late))).isFalse();
    assertThat(done(() -> journal.isHeld(next))).isTrue();
    assertThat(done(() -> journal.get(platform, 1)).state()).isEqualTo(ReleaseState.APPLYING);
    done(() -> journal.giveBack(next).replaceWith(true));
  }

  @Test
  void anEqualReleaseUnderWayIsAnsweredAgain() {
    assertThat(accept("a").number()).isEqualTo(1);
    assertThat(accept("a").number()).isEqualTo(1);
    assertThat(accept("b").number()).isEqualTo(2);
    assertThat(done(() -> journal.get(platform, 1)).state()).isEqualTo(ReleaseState.ABORTED);
  }

  @Test
  void anEndedReleaseIsNeverChanged() {
    // Given
    accept("a");
    var lease = claim("first", LONG);
    record(lease, 1, ReleaseState.FAILED);
    int told = done(() -> journal.events(platform, 1, 0, 10)).size();
    for (var state : List.of(ReleaseState.APPLYING, ReleaseState.DEPLOYED)) {
      // When
      assertThatThrownBy(() -> record(lease, 1, state))
          // Then
          .hasStackTraceContaining("release 1 of %s has ended".formatted(platform));
    }
    assertThat(done(() -> journal.get(platform, 1)).state()).isEqualTo(ReleaseState.FAILED);
    assertThat(done(() -> journal.events(platform, 1, 0, 10))).hasSize(told);
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  /** Given up between being read by a replica and that replica's first step. */
  @Test
  void aReleaseThatWasGivenUpNeverBecomesCurrent() {
    // Given
    accept("a");
    var lease = claim("first", LONG);
    accept("b");
    // When
    assertThatThrownBy(() -> record(lease, 1, ReleaseState.APPLYING))
        .hasStackTraceContaining("has ended");
    // Then
    assertThat(done(() -> journal.platform(platform)).currentRelease()).isZero();
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  /** While platform-manager is upgraded, or after it was put back. */
  @Test
  void aPlanOfALaterFormatIsLeftToALaterVersion() {
    // Given
    var later =
        PlanText.write(new Plan(platform, "local", platform, List.of(), List.of(), List.of()))
            .replace("\"format\":2", "\"format\":3");
    var draft = new Draft(platform, ReleaseAction.DEPLOY, "1", 1, "later", later);
    done(() -> journal.accept(draft, List.of(), IfBusy.REPLACE));
    // Then: nobody of this version claims it
    assertThat(claimed("this", LONG)).isEmpty();
    // And: its status is told as far as it can be read; bindings ask to come back
    given()
        .auth()
        .oauth2(EmbeddedPostgresResource.TOKEN)
        .get("/api/v1/platforms/" + platform)
        .then()
        .statusCode(200)
        .body("state", equalTo("PENDING"))
        .body("message", containsString("format 3"))
        .body("components", empty());
    given()
        .auth()
        .oauth2(EmbeddedPostgresResource.TOKEN)
        .get("/api/v1/platforms/" + platform + "/bindings?domain=d")
        .then()
        .statusCode(503)
        .header("Retry-After", "10");
    // When: it is corrected with this version
    accept("again");
    // Then
    var lease = claim("this", LONG);
    assertThat(done(() -> journal.get(platform, 1)).state()).isEqualTo(ReleaseState.ABORTED);
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void thePlatformThatWaitsLongestIsClaimedFirst() {
    // Given: z was asked for before a
    var first = "z-" + platform;
    var second = "a-" + platform;
    for (var name : List.of(first, second)) {
      var plan = new Plan(name, "local", name, List.of(), List.of(), List.of());
      var draft = new Draft(name, ReleaseAction.DEPLOY, "1", 1, "m", PlanText.write(plan));
      done(() -> journal.accept(draft, List.of(), IfBusy.REPLACE));
    }
    for (var name : List.of(first, second)) {
      // When
      var lease = claim("this", LONG);
      // Then
      assertThat(lease.platform()).isEqualTo(name);
      record(lease, 1, ReleaseState.FAILED);
      done(() -> journal.giveBack(lease).replaceWith(true));
    }
  }

  @Test
  void eventsAreNumberedWithoutGaps() {
    // Given
    accept("a");
    var lease = claim("first", LONG);
    // When
    for (int i = 0; i < 3; i++) {
      record(lease, 1, ReleaseState.APPLYING);
    }
    // Then
    assertThat(done(() -> journal.events(platform, 1, 0, 10)))
        .extracting(event -> event.sequence())
        .containsExactly(1L, 2L, 3L);
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void streamOfAQuietReleaseSendsCommentsUntilItEnds() throws IOException {
    // Given
    accept("a");
    var lease = claim("first", LONG);
    // When
    try (var stream = events(1)) {
      // Then
      assertThat(stream.readLine()).isEqualTo(":still here");
      // When
      record(lease, 1, ReleaseState.FAILED);
      // Then
      assertThat(stream.lines().filter(line -> line.startsWith("event:")))
          .containsExactly("event:Test");
    }
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void oneWaitingCallTooManyIsAskedToComeBack() {
    // Given
    accept("a");
    var feed = new ReleaseFeed(journal, new OneWaiter(), meters);
    var first = new AtomicReference<Cancellable>();
    // Then
    assertThatThrownBy(() ->
            done(() -> {
              first.set(feed.awaitEnd(platform, 1, LONG).subscribe().with(ended -> {}));
              return feed.awaitEnd(platform, 1, LONG);
            }))
        .isInstanceOf(FloeException.class)
        .hasMessageContaining("1 calls wait");
    // When
    first.get().cancel();
    // Then
    assertThat(done(() -> feed.awaitEnd(platform, 1, Duration.ZERO)).number()).isEqualTo(1);
  }

  /** Bounds of a feed for one. */
  private record OneWaiter() implements FeedConfig {
    @Override
    public int maxWaiters() {
      return 1;
    }

    @Override
    public Duration heartbeat() {
      return LONG;
    }
  }

  private BufferedReader events(int release) throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create(
                    "http://127.0.0.1:%d/api/v1/platforms/%s/releases/%d/events"
                        .formatted(RestAssured.port, platform, release))
                .toURL()
                .openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN);
    connection.setReadTimeout((int) LONG.toMillis());
    return new BufferedReader(
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  @Test
  void objectsOfReleasesSinceTheLastCompletedOneMayStillBeThere() {
    // Given: 1 deployed, 2 deployed, 3 failed
    for (var end : List.of(ReleaseState.DEPLOYED, ReleaseState.DEPLOYED, ReleaseState.FAILED)) {
      int number = accept("manifest", "both", "of-" + ++releases).number();
      var lease = claim("first", LONG);
      record(lease, number, ReleaseState.APPLYING);
      record(lease, number, end);
      done(() -> journal.giveBack(lease).replaceWith(true));
    }
    // When
    int fourth = accept("manifest", "both", "new").number();
    // Then
    assertThat(done(() -> journal.applied(platform, fourth)))
        .extracting(object -> object.key().name())
        .containsExactly("of-2", "of-3", "both", "new");
  }

  @Test
  void releaseThatWaitsReplacesNothing() {
    // Given
    int first = accept("a").number();
    var lease = claim("first", LONG);
    record(lease, first, ReleaseState.APPLYING);
    // When
    int second = accept("b", IfBusy.WAIT).number();
    // Then
    assertThat(done(() -> journal.interruption(platform, first)))
        .isEqualTo(new Interruption(0, false));
    assertThat(done(() -> journal.unfinished(platform)))
        .extracting(StoredRelease::number, StoredRelease::waits)
        .containsExactly(tuple(first, false), tuple(second, true));
    // When: the third takes the place of both
    int third = accept("c").number();
    // Then
    assertThat(done(() -> journal.interruption(platform, first)))
        .isEqualTo(new Interruption(third, false));
    assertThat(state(second)).isEqualTo(ReleaseState.ABORTED);
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void releaseIsRefusedWhileAnotherIsUnderWayWhereThatIsAskedFor() {
    // Given
    int first = accept("a", IfBusy.REFUSE).number();
    // Then
    assertThatThrownBy(() -> accept("b", IfBusy.REFUSE))
        .isInstanceOf(FloeException.class)
        .hasMessageContaining("Release %d of %s is PENDING".formatted(first, platform));
    // an equal one is the one under way
    assertThat(accept("a", IfBusy.REFUSE).number()).isEqualTo(first);
  }

  @Test
  void releaseIsAbortedAtOnceBeforeItBeginsAndOnRequestAfterwards() {
    // Given
    int first = accept("a").number();
    // When
    assertThat(done(() -> journal.abort(platform, first)).state()).isEqualTo(ReleaseState.ABORTED);
    // Then
    assertThatThrownBy(() -> done(() -> journal.abort(platform, first)))
        .hasMessageContaining("has ended: ABORTED");
    assertThatThrownBy(() -> done(() -> journal.abort(platform, 99)))
        .hasMessageContaining("does not exist");
    // When
    int second = accept("b").number();
    var lease = claim("first", LONG);
    record(lease, second, ReleaseState.APPLYING);
    assertThat(done(() -> journal.abort(platform, second)).state())
        .isEqualTo(ReleaseState.APPLYING);
    // Then
    assertThat(done(() -> journal.interruption(platform, second)))
        .isEqualTo(new Interruption(0, true));
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  private ReleaseState state(int release) {
    return done(() -> journal.get(platform, release)).state();
  }

  @Test
  void onlyTheNewestReleaseIsFoundAndOnlyWhenItIsDeployedAndEqual() {
    // Given
    int first = accept("a").number();
    var lease = claim("first", LONG);
    assertThat(done(() -> journal.deployed(draft("a")))).isEmpty();
    record(lease, first, ReleaseState.DEPLOYED);
    // Then
    assertThat(done(() -> journal.deployed(draft("a")))).map(StoredRelease::number).hasValue(first);
    assertThat(done(() -> journal.deployed(draft("b")))).isEmpty();
    // When: another is under way
    accept("b");
    // Then
    assertThat(done(() -> journal.deployed(draft("a")))).isEmpty();
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  @Test
  void uidsOfAppliedObjectsAreKeptUntilTheyAreForgotten() {
    // Given
    int number = accept("manifest", "a", "b").number();
    var lease = claim("first", LONG);
    var objects = done(() -> journal.applied(platform, number));
    assertThat(objects).extracting(AppliedObject::uid).containsOnlyNulls();
    // When
    var first = List.of(new AppliedObject(objects.getFirst().tree(), "uid-1"));
    done(() -> journal.recordApplied(lease, number, "c", first).replaceWith(true));
    var again = objects.stream().map(object -> new AppliedObject(object.tree(), "uid-2")).toList();
    done(() -> journal.recordApplied(lease, number, "c", again).replaceWith(true));
    // Then
    assertThat(done(() -> journal.applied(platform, number))).isEqualTo(again);
    // When
    done(() -> journal.forget(lease, first).replaceWith(true));
    // Then
    assertThat(done(() -> journal.applied(platform, number)))
        .extracting(AppliedObject::uid)
        .containsExactly(null, "uid-2");
    // When: the lease is another's by now
    done(() -> journal.giveBack(lease).replaceWith(true));
    var second = claim("second", LONG);
    // Then
    assertThatThrownBy(
            () -> done(() -> journal.recordApplied(lease, number, "c", first).replaceWith(true)))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> done(() -> journal.forget(lease, again).replaceWith(true)))
        .isInstanceOf(LeaseLostException.class);
    done(() -> journal.giveBack(second).replaceWith(true));
  }

  @Test
  void aPlanThatTookOverFromAnEarlierReleaseIsRefusedOnceThereIsALaterOne() {
    // Given
    int first = accept("{}").number();
    var draft = draft("{\"a\":1}");
    var late =
        new Draft(
            platform, ReleaseAction.DEPLOY, "1.0.0", 0, draft.manifest(), draft.plan(), first);
    accept("{\"b\":1}");
    // Then
    assertThatThrownBy(() -> done(() -> journal.accept(late, List.of(), IfBusy.REPLACE)))
        .isInstanceOf(FloeException.class)
        .hasMessageContaining("came meanwhile: try again");
  }

  @Test
  void endOfAJobIsKeptOnceWithTheReleaseThatSawIt() {
    // Given
    int number = accept("{}").number();
    var lease = claim("this", LONG);
    var start = Instant.parse("2026-01-02T03:04:05Z");
    var run = new JobRun("schema-1", "uid-1", false, start, null, "password=hunter22\n\0end");
    // When: it is seen twice
    for (int i = 0; i < 2; i++) {
      done(() -> journal.recordJobs(lease, number, "catalog", List.of(run)).replaceWith(true));
    }
    // Then
    given()
        .auth()
        .oauth2(EmbeddedPostgresResource.TOKEN)
        .get("/api/v1/platforms/%s/releases/%d/jobs".formatted(platform, number))
        .then()
        .statusCode(200)
        .body("items.size()", is(1))
        .body("items[0].component", is("catalog"))
        .body("items[0].job", is("schema-1"))
        .body("items[0].succeeded", is(false))
        .body("items[0].startedAt", is("2026-01-02T03:04:05Z"))
        .body("items[0].finishedAt", nullValue())
        .body("items[0].log", not(containsString("hunter22")))
        .body("items[0].log", endsWith("\nend"));
    given()
        .auth()
        .oauth2(EmbeddedPostgresResource.TOKEN)
        .get("/api/v1/platforms/%s/releases/99/jobs".formatted(platform))
        .then()
        .statusCode(404);
    // When: many more come
    for (int i = 0; i < 6; i++) {
      int round = i;
      var more =
          IntStream.range(0, 10)
              .mapToObj(
                  k -> new JobRun("more", "uid-%d-%d".formatted(round, k), true, start, start, ""))
              .toList();
      done(() -> journal.recordJobs(lease, number, "catalog", more).replaceWith(true));
    }
    // Then
    assertThat(done(() -> journal.jobRuns(platform, number))).hasSize(50);
    done(() -> journal.giveBack(lease).replaceWith(true));
    assertThatThrownBy(() ->
            done(() -> journal.recordJobs(lease, number, "c", List.of(run)).replaceWith(true)))
        .isInstanceOf(LeaseLostException.class);
  }

  @Test
  void newestJobsOfEachFamilyStay() {
    // Given: four versions of one Job, two of another
    int number = accept("{}").number();
    var lease = claim("this", LONG);
    var names =
        List.of(
            "schema-00000001",
            "schema-00000002",
            "bucket-00000001",
            "schema-00000003",
            "bucket-00000002",
            "schema-00000004");
    for (var name : names) {
      var job = JsonNodeFactory.instance.objectNode();
      job.put("apiVersion", "batch/v1").put("kind", "Job");
      job.putObject("metadata").put("namespace", "n").put("name", name);
      var applied = List.of(new AppliedObject(job, "uid-of-" + name));
      done(() -> journal.recordApplied(lease, number, "c", applied).replaceWith(true));
    }
    // Then
    assertThat(done(() -> journal.jobs(platform, Set.of("c"), 3)))
        .containsExactly(
            new AppliedObject(
                JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "batch/v1")
                    .put("kind", "Job")
                    .set(
                        "metadata",
                        JsonNodeFactory.instance
                            .objectNode()
                            .put("namespace", "n")
                            .put("name", "schema-00000001")),
                "uid-of-schema-00000001"));
    assertThat(done(() -> journal.jobs(platform, Set.of("another"), 3))).hasSize(6);
    done(() -> journal.giveBack(lease).replaceWith(true));
  }

  private int releases;

  private StoredRelease accept(String manifest, String... objects) {
    var trees =
        Stream.of(objects)
            .map(name -> {
              var object = JsonNodeFactory.instance.objectNode().put("kind", "ConfigMap");
              object.putObject("metadata").put("name", name);
              return object;
            })
            .toList();
    var component =
        new PlannedComponent("c", "c", "c", "1", List.of(), trees, List.of(), List.of(), null);
    var plan = new Plan(platform, "local", platform, List.of(component), List.of(), List.of());
    var draft =
        new Draft(platform, ReleaseAction.DEPLOY, "1.0.0", 1, manifest, PlanText.write(plan));
    return done(() -> journal.accept(draft, List.of(), IfBusy.REPLACE));
  }

  private StoredRelease accept(String manifest, IfBusy busy) {
    return done(() -> journal.accept(draft(manifest), List.of(), busy));
  }

  private StoredRelease accept(String manifest) {
    return done(() -> journal.accept(draft(manifest), List.of(), IfBusy.REPLACE));
  }

  private Draft draft(String manifest) {
    var plan = new Plan(platform, "local", platform, List.of(), List.of(), List.of());
    return new Draft(platform, ReleaseAction.DEPLOY, "1.0.0", 1, manifest, PlanText.write(plan));
  }

  private Lease claim(String owner, Duration length) {
    return claimed(owner, length).orElseThrow();
  }

  private java.util.Optional<Lease> claimed(String owner, Duration length) {
    return done(() -> journal.claim(owner, length));
  }

  private void record(Lease lease, int release, ReleaseState state) {
    done(() ->
        journal.record(lease, new Step(release, state, 1, "Test", null, "said")).replaceWith(true));
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
}
