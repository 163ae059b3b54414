package dev.floe.launcher.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.attempt.AttemptStore;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.log.LogConfig;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.log.LogStore;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.AccessLostException;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import dev.floe.launcher.trace.RecordedSpans;
import dev.floe.test.EmbeddedPostgresResource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a runtime answers, an attempt ends at its limit, and a success is never run again. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
@TestProfile(NeverTwiceNeverLostTest.Quiet.class)
class AttemptLimitsTest {
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration WORK = Duration.ofMillis(30);
  private static final Duration ENDLESS = Duration.ofHours(1);

  @Inject Transactions transactions;
  @Inject RunStore runs;
  @Inject RunService service;
  @Inject AttemptStore attempts;
  @Inject ClaimStore claims;
  @Inject BindingService bindings;
  @Inject LogStore logs;
  @Inject LogConfig logConfig;
  @Inject RunConfig runConfig;
  @Inject Json json;
  @Inject MeterRegistry meters;

  private final Faults faults = new Faults();
  private @Nullable Launcher launcher;

  /** A launcher with limits of its own, driven by one thread. */
  private final class Launcher {
    private final AttemptEngine engine;
    private final Dispatcher dispatcher;
    private final Thread thread;
    private volatile boolean stopped;

    private Launcher(JobRuntime runtime, Brisk config) {
      engine =
          new AttemptEngine(
              "limits-" + UUID.randomUUID(),
              transactions,
              runs,
              attempts,
              json,
              runtime,
              new LogSource(runtime, transactions, logs, logConfig),
              config,
              runConfig,
              new RecordedSpans().finished(),
              meters);
      dispatcher =
          new Dispatcher(
              transactions, runs, service, claims, bindings, engine, new Roomy(), () -> {});
      thread = Thread.ofVirtual().start(this::drive);
    }

    private void drive() {
      try {
        while (!stopped) {
          dispatcher.round();
          dispatcher.timeOuts(() -> {});
          engine.renew();
          engine.takeOver();
          Thread.sleep(20); // the period of the schedule that drives a real replica
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @BeforeEach
  void removeWhatOthersLeft() {
    transactions.call(runs::deleteAll);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (launcher != null) {
      launcher.stopped = true;
      launcher.thread.join();
      launcher.engine.halt();
    }
  }

  private Launcher launch(JobRuntime runtime, Duration launchTimeout, Duration rightsTimeout) {
    var fresh = new Launcher(runtime, new Brisk(launchTimeout, rightsTimeout));
    launcher = fresh;
    return fresh;
  }

  private static <T> T onContext(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(work);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private String submitted() {
    return submitted(1, null);
  }

  private String submitted(int infrastructure, @Nullable Duration runTimeout) {
    var policy =
        new RetryPolicy(
            Map.of(VerdictCategory.INFRASTRUCTURE, infrastructure),
            new RetryPolicy.Backoff(Duration.ZERO, null, null, null),
            null);
    var request =
        new RunRequest(
            "weather",
            null,
            "weather",
            "daily",
            null,
            RunKind.CUSTOM,
            "image",
            null,
            null,
            null,
            null,
            null,
            null,
            runTimeout,
            policy,
            null,
            null);
    return onContext(() -> service.submit(request, null, null)).run().id();
  }

  private Run ended(String id) {
    return await()
        .atMost(60, SECONDS)
        .until(() -> onContext(() -> service.get(id)), run -> run.state().terminal());
  }

  private void reached(String id, RunState state) {
    await().atMost(60, SECONDS).until(() -> onContext(() -> service.get(id)).state() == state);
  }

  private static @Nullable VerdictReason reason(Run run) {
    var verdict = run.verdict();
    return verdict == null ? null : verdict.reason();
  }

  private static String message(Run run) {
    var verdict = run.verdict();
    return verdict == null ? "" : verdict.message();
  }

  private static String words(Throwable fault) {
    var message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }

  private static Throwable away() {
    return new RuntimeUnavailableException("HTTP 500", new IOException("500"));
  }

  private static Throwable denied() {
    return AccessLostException.denied("cannot get Jobs", new IOException("403"));
  }

  @Test
  void aSuccessThatIsSeenAfterTheRunTimeoutIsASuccess() {
    // Given: it succeeds, and nobody can see it until the run's time is over
    var runtime = new MemoryRuntime(WORK, 0);
    faults.on("observe", AttemptLimitsTest::away);
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted(3, Duration.ofSeconds(1));
    reached(id, RunState.CANCELLING);
    // When
    faults.heal();
    // Then
    var run = ended(id);
    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(reason(run)).isEqualTo(VerdictReason.COMPLETED);
    assertThat(runtime.starts()).isEqualTo(Map.of(id + "-1", 1));
  }

  @Test
  void aCancelThatComesAfterTheSuccessIsTooLate() {
    // Given
    var runtime = new MemoryRuntime(WORK, 0);
    faults.on("observe", AttemptLimitsTest::away);
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted();
    reached(id, RunState.RUNNING);
    await().atMost(60, SECONDS).until(() -> runtime.running() == 0);
    // When
    onContext(() -> service.cancel(id));
    faults.heal();
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void aCancelStopsWhatRuns() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    // When
    onContext(() -> service.cancel(id));
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.CANCELLED);
    assertThat(runtime.running()).isZero();
  }

  @Test
  void aFollowerThatFailsToAdoptNeverDeletesWhatTheRowNames() {
    // Given: another follower of the same epoch adopts and releases between create and adopt
    var runtime = new MemoryRuntime(Duration.ofMillis(300), 0);
    var overtaken =
        answering(
            runtime,
            (method, args, answer) -> {
              if (method.equals("create")) {
                var ref = ((AttemptSpec) args[0]).ref();
                runtime.release(ref, (String) answer);
                recordReleased(ref.runId(), (String) answer);
              }
              return answer;
            });
    launch(overtaken, LONG, LONG);
    // When
    var id = submitted(3, null);
    // Then
    var run = ended(id);
    assertThat(reason(run)).isEqualTo(VerdictReason.COMPLETED);
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(runtime.breaches()).isEmpty();
  }

  /** Sees what a runtime answers, and answers in its place. */
  private interface Answers {
    Object answer(String method, Object[] args, Object answer);
  }

  private static JobRuntime answering(JobRuntime runtime, Answers answers) {
    return (JobRuntime)
        Proxy.newProxyInstance(
            AttemptLimitsTest.class.getClassLoader(),
            new Class<?>[] {JobRuntime.class},
            (proxy, method, args) -> {
              try {
                return answers.answer(method.getName(), args, method.invoke(runtime, args));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void recordReleased(String id, String uid) {
    transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        """
                        with a as (update attempt set uid = :uid, state = 'PENDING'
                          where run_id = :id)
                        update run set state = 'RUNNING' where id = :id\
                        """)
                    .setParameter("uid", uid)
                    .setParameter("id", id)
                    .executeUpdate()));
  }

  @Test
  void whateverCreatingFailsWithEndsAtTheLaunchTimeout() throws InterruptedException {
    for (var fault :
        List.<Supplier<Throwable>>of(
            () -> new ArithmeticException("overflow"),
            () -> new InvalidPathException("/tmp/tü", "Malformed input"),
            StackOverflowError::new,
            AttemptLimitsTest::away)) {
      // Given
      var runtime = new MemoryRuntime(WORK, 0);
      faults.on("create", fault);
      launch(faults.around(runtime), SHORT, LONG);
      // When
      var run = ended(submitted());
      // Then
      var unavailable = fault.get() instanceof RuntimeUnavailableException;
      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(reason(run))
          .isEqualTo(unavailable ? VerdictReason.API_UNAVAILABLE : VerdictReason.LAUNCH_TIMEOUT);
      assertThat(message(run)).contains(words(fault.get()));
      assertThat(runtime.starts()).isEmpty();
      stop();
    }
  }

  @Test
  void whateverReleasingFailsWithEndsAtTheLaunchTimeout() throws InterruptedException {
    for (var fault :
        List.<Supplier<Throwable>>of(
            AttemptLimitsTest::away,
            () -> new IllegalStateException("odd"),
            () -> new NoClassDefFoundError("odd"))) {
      // Given
      var runtime = new MemoryRuntime(WORK, 0);
      faults.on("release", fault);
      launch(faults.around(runtime), SHORT, LONG);
      // When
      var run = ended(submitted());
      // Then: it is removed before its end is recorded
      assertThat(reason(run)).isEqualTo(VerdictReason.LAUNCH_TIMEOUT);
      assertThat(message(run)).contains(words(fault.get()));
      assertThat(runtime.starts()).isEmpty();
      assertThat(runtime.left()).isZero();
      stop();
    }
  }

  @Test
  void aReleaseThatIsDeniedIsAVerdictAtOnce() {
    // Given
    var runtime = new MemoryRuntime(WORK, 0);
    var denial = new Obstacle(Obstacle.Kind.ADMISSION_DENIED, "Forbidden", "policy says no");
    faults.on("release", () -> new LaunchRefusedException(denial));
    launch(faults.around(runtime), LONG, LONG);
    // When
    var run = ended(submitted());
    // Then
    assertThat(reason(run)).isEqualTo(VerdictReason.ADMISSION_DENIED);
    assertThat(message(run)).isEqualTo("policy says no");
    assertThat(runtime.left()).isZero();
  }

  @Test
  void whatCannotBeObservedEndsAndIsNotBegunAgain() throws InterruptedException {
    for (var fault :
        List.<Supplier<Throwable>>of(NullPointerException::new, StackOverflowError::new)) {
      // Given: it was let run, and every look at it fails
      var runtime = new MemoryRuntime(ENDLESS, 0);
      faults.on("observe", fault);
      launch(faults.around(runtime), SHORT, LONG);
      // When
      var id = submitted(3, null);
      var run = ended(id);
      // Then: it may still run, so nothing follows
      assertThat(reason(run)).isEqualTo(VerdictReason.LAUNCH_TIMEOUT);
      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(runtime.starts()).isEqualTo(Map.of(id + "-1", 1));
      stop();
    }
  }

  @Test
  void aRunThatCannotBeObservedAnyMoreEndsAtItsRunTimeout() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    launch(faults.around(runtime), SHORT, LONG);
    var id = submitted(3, Duration.ofSeconds(2));
    await().atMost(60, SECONDS).until(() -> onContext(() -> service.get(id)).startedAt() != null);
    // When
    faults.on("observe", IllegalStateException::new);
    // Then
    assertThat(reason(ended(id))).isEqualTo(VerdictReason.RUN_TIMEOUT);
  }

  @Test
  void aCancelIsCarriedOutThoughNothingCanBeStopped() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    faults.on("stop", AttemptLimitsTest::away);
    launch(faults.around(runtime), SHORT, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    // When
    onContext(() -> service.cancel(id));
    // Then
    var run = ended(id);
    assertThat(run.state()).isEqualTo(RunState.CANCELLED);
    assertThat(message(run)).contains("could not be observed", "HTTP 500");
  }

  @Test
  void aCancelDuringALongOutageIsCarriedOutWhenItIsOver() {
    // Given: away for longer than the end of an attempt may go unobserved
    var runtime = new MemoryRuntime(ENDLESS, 0);
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    faults.on("observe", AttemptLimitsTest::away);
    await().atMost(60, SECONDS).until(() -> "UNAVAILABLE".equals(failing(id)));
    transactions.call(() -> age(id));
    // When
    onContext(() -> service.cancel(id));
    int calls = faults.calls("observe");
    await().atMost(60, SECONDS).until(() -> faults.calls("observe") > calls + 2);
    faults.heal();
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.CANCELLED);
    assertThat(runtime.running()).isZero();
  }

  @Test
  void lostRightsEndTheRunAndFreeItsPlace() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    var launched = launch(faults.around(runtime), LONG, SHORT);
    var id = submitted(3, null);
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    // When
    faults.on("observe", AttemptLimitsTest::denied);
    // Then
    var run = ended(id);
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(reason(run)).isEqualTo(VerdictReason.RIGHTS_LOST);
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(transactions.call(launched.engine::active)).isZero();
  }

  @Test
  void aDomainThatIsNotDeclaredAnyMoreIsNamedAsTheCause() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    launch(faults.around(runtime), LONG, SHORT)
        .engine
        .checkNamespaces(request -> Optional.of("no domain " + request.domain()));
    var id = submitted(3, null);
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    // When
    faults.on("observe", AttemptLimitsTest::denied);
    // Then
    var run = ended(id);
    assertThat(reason(run)).isEqualTo(VerdictReason.NAMESPACE_GONE);
    assertThat(message(run)).startsWith("no domain weather.");
  }

  @Test
  void rightsThatComeBackInTimeCostNothing() {
    // Given
    var runtime = new MemoryRuntime(WORK, 0);
    faults.on("observe", AttemptLimitsTest::denied);
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> faults.calls("observe") > 3);
    // When
    faults.heal();
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void anOutageBetweenDenialsDoesNotCountAsDenied() {
    // Given: denied once, away for longer than the limit, then denied by a server that starts
    var runtime = new MemoryRuntime(WORK, 0);
    var limit = Duration.ofSeconds(3);
    faults.on("observe", AttemptLimitsTest::denied);
    launch(faults.around(runtime), LONG, limit);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> "DENIED".equals(failing(id)));
    faults.on("observe", AttemptLimitsTest::away);
    await().atMost(60, SECONDS).until(() -> "UNAVAILABLE".equals(failing(id)));
    transactions.call(() -> age(id));
    // When
    faults.on("observe", AttemptLimitsTest::denied);
    await().atMost(60, SECONDS).until(() -> "DENIED".equals(failing(id)));
    faults.heal();
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void aFailureAfterTheLaunchTimeoutDoesNotStopWhatRuns() {
    // Given: it runs, and nobody could see that until the launch timeout was over
    var runtime = new MemoryRuntime(ENDLESS, 0);
    faults.on("observe", AttemptLimitsTest::away);
    launch(faults.around(runtime), SHORT, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1 && launchIsOver(id));
    // When: each step fails, and what looks again after it sees that it runs
    faults.onEveryOther("observe", NullPointerException::new);
    int calls = faults.calls("observe");
    await().atMost(60, SECONDS).until(() -> faults.calls("observe") > calls + 6);
    faults.heal();
    // Then
    await()
        .atMost(60, SECONDS)
        .until(
            () -> onContext(() -> service.get(id)),
            run -> run.startedAt() != null || run.state().terminal());
    assertThat(onContext(() -> service.get(id)).state()).isEqualTo(RunState.RUNNING);
    assertThat(runtime.running()).isEqualTo(1);
  }

  @Test
  void whatDoesNotEndThoughItIsStoppedIsRecordedAsDecided() {
    // Given: as on a node that is lost, stopping it succeeds and it continues as far as anybody
    // sees
    var runtime = new MemoryRuntime(ENDLESS, 0);
    faults.ignoring("stop");
    var launched = launch(faults.around(runtime), SHORT, LONG);
    // When
    var id = submitted(3, Duration.ofSeconds(1));
    // Then: it may still run, so nothing follows
    var run = ended(id);
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(reason(run)).isEqualTo(VerdictReason.RUN_TIMEOUT);
    assertThat(message(run)).contains("could not be observed");
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(runtime.starts()).isEqualTo(Map.of(id + "-1", 1));
    assertThat(transactions.call(launched.engine::active)).isZero();
  }

  @Test
  void whatNeverEndsIsStoppedLessAndLessOften() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    faults.ignoring("stop");
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    // When: every renewed lease wakes what is to end
    onContext(() -> service.cancel(id));
    int looks = faults.calls("observe");
    await().atMost(60, SECONDS).until(() -> faults.calls("observe") > looks + 30);
    // Then
    assertThat(faults.calls("stop")).isBetween(1, 15);
  }

  @Test
  void aCancelIsCarriedOutThoughFailuresAlternate() {
    // Given
    var runtime = new MemoryRuntime(ENDLESS, 0);
    launch(faults.around(runtime), SHORT, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> runtime.running() == 1);
    var tries = new AtomicInteger();
    faults.on("observe", () -> tries.getAndIncrement() % 2 == 0 ? away() : denied());
    // When
    onContext(() -> service.cancel(id));
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.CANCELLED);
  }

  @Test
  void timeBeforeTheReleaseIsNotLaunchTime() {
    // Given: claimed long ago, released now, and not running at the first looks
    var runtime = new MemoryRuntime(WORK, 0);
    var looks = new AtomicInteger();
    var slow =
        answering(
            runtime,
            (method, args, answer) -> {
              if (method.equals("create")) {
                var id = ((AttemptSpec) args[0]).ref().runId();
                set(id, "created_at = now() - interval '1 hour', launch_deadline_at = now()");
              }
              return answer instanceof Observation.Running running && looks.getAndIncrement() < 3
                  ? new Observation.Waiting(running.uid(), false, null)
                  : answer;
            });
    launch(slow, LONG, LONG);
    // When
    var run = ended(submitted());
    // Then
    assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void timeInNobodysHandsIsNotLaunchTime() throws InterruptedException {
    // Given: claimed, then no launcher for longer than the launch timeout
    var runtime = new MemoryRuntime(WORK, 0);
    faults.on("create", AttemptLimitsTest::away);
    launch(faults.around(runtime), LONG, LONG);
    var id = submitted();
    await().atMost(60, SECONDS).until(() -> "UNAVAILABLE".equals(failing(id)));
    stop();
    set(
        id,
        "lease_until = now() - interval '1 hour', launch_deadline_at = now() - interval '59 min'");
    int calls = faults.calls("create");
    // When
    launch(faults.around(runtime), LONG, LONG);
    await().atMost(60, SECONDS).until(() -> faults.calls("create") > calls + 1);
    faults.heal();
    // Then
    assertThat(ended(id).state()).isEqualTo(RunState.SUCCEEDED);
  }

  private boolean launchIsOver(String id) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        "select launch_deadline_at < now() from attempt where run_id = :id",
                        Boolean.class)
                    .setParameter("id", id)
                    .getSingleResult()));
  }

  private void set(String id, String columns) {
    transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery("update attempt set " + columns + " where run_id = :id")
                    .setParameter("id", id)
                    .executeUpdate()));
  }

  private Uni<Integer> age(String id) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    "update attempt set failing_since = now() - interval '1 hour' where run_id ="
                        + " :id")
                .setParameter("id", id)
                .executeUpdate());
  }

  private @Nullable String failing(String id) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        "select coalesce(failing, '') from attempt where run_id = :id",
                        String.class)
                    .setParameter("id", id)
                    .getSingleResultOrNull()));
  }
}
