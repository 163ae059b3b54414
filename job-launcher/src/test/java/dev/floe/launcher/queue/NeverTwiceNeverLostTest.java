package dev.floe.launcher.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.attempt.AttemptStore;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.log.LogConfig;
import dev.floe.launcher.log.LogService;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.log.LogStore;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.BoundedRuntime;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.trace.RecordedSpans;
import dev.floe.test.EmbeddedPostgresResource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replicas that die between any two lines, over one database. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
@TestProfile(NeverTwiceNeverLostTest.Quiet.class)
class NeverTwiceNeverLostTest {
  /** The application itself does nothing: the test's own replicas do. */
  public static final class Quiet implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.scheduler.enabled", "false", "floe.launcher.queue.max-active", "0");
    }
  }

  @Inject Transactions transactions;
  @Inject RunStore runs;
  @Inject RunService service;
  @Inject AttemptStore attempts;
  @Inject ClaimStore claims;
  @Inject BindingService bindings;
  @Inject LogStore logs;
  @Inject LogService logService;
  @Inject LogConfig logConfig;
  @Inject RunConfig runConfig;
  @Inject Json json;
  @Inject MeterRegistry meters;
  @Inject AttemptEngine idle;

  private final RecordedSpans spans = new RecordedSpans();
  private final List<Replica> replicas = new ArrayList<>();

  /** One launcher, driven by a thread of its own until it dies or is stopped. */
  private final class Replica {
    private final Lines lines;
    private final AttemptEngine engine;
    private final Dispatcher dispatcher;
    private final Thread thread;
    private volatile boolean stopped;

    private Replica(JobRuntime shared, Lines lines) {
      this.lines = lines;
      var database = lines.around(transactions);
      var runtime = lines.around(shared);
      engine =
          new AttemptEngine(
              "replica-" + UUID.randomUUID(),
              database,
              runs,
              attempts,
              json,
              runtime,
              new LogSource(runtime, database, logs, logConfig),
              new Brisk(),
              runConfig,
              spans.finished(),
              meters);
      dispatcher =
          new Dispatcher(database, runs, service, claims, bindings, engine, new Roomy(), () -> {});
      thread = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> {}).start(this::drive);
    }

    private void drive() {
      while (!stopped && !lines.dead()) {
        try {
          if (lines.frozen()) {
            Thread.sleep(10); // the whole replica stands still
            continue;
          }
          dispatcher.round();
          dispatcher.timeOuts(() -> {});
          engine.renew();
          engine.takeOver();
          Thread.sleep(50); // the period of the schedule that drives a real replica
        } catch (Lines.Dead | InterruptedException e) {
          break;
        }
      }
      engine.halt();
    }

    private void stop() throws InterruptedException {
      stopped = true;
      thread.join();
    }
  }

  @BeforeEach
  void removeWhatOthersLeft() {
    Awaitility.doNotCatchUncaughtExceptionsByDefault(); // replicas die on purpose
    transactions.call(runs::deleteAll);
  }

  @AfterEach
  void stopReplicas() throws InterruptedException {
    for (var replica : replicas) {
      replica.stop();
    }
  }

  private Replica replica(JobRuntime runtime, Lines lines) {
    var replica = new Replica(runtime, lines);
    replicas.add(replica);
    return replica;
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

  private String submitted(@Nullable RetryPolicy policy) {
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
            null,
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

  private static @Nullable VerdictReason reason(Run run) {
    var verdict = run.verdict();
    return verdict == null ? null : verdict.reason();
  }

  private String log(String id, int attempt) {
    return String.join("\n", onContext(() -> logService.tail(id, attempt, 100)).lines()) + "\n";
  }

  @Test
  void aReplicaThatDiesAtSomeLinesLosesNothingAndRepeatsNothing() throws Exception {
    diesAtEvery(4);
  }

  @Test
  @Tag("slow")
  void aReplicaThatDiesBetweenAnyTwoLinesLosesNothingAndRepeatsNothing() throws Exception {
    diesAtEvery(1);
  }

  private void diesAtEvery(int step) throws Exception {
    // Given: how many lines an undisturbed run takes
    var calm = new MemoryRuntime(Duration.ofMillis(50), 0);
    var first = replica(calm, Lines.immortal());
    assertThat(reason(ended(submitted(null)))).isEqualTo(VerdictReason.COMPLETED);
    int lines = first.lines.passed();
    first.stop();

    var untold = new ArrayList<Integer>();
    for (int line = 0; line < lines + 2; line += step) {
      var runtime = new MemoryRuntime(Duration.ofMillis(50), 0);
      var id = submitted(null);
      // When: one dies at this line, and another comes
      var dying = replica(runtime, Lines.dyingAt(line));
      await().atMost(30, SECONDS).until(() -> dying.lines.dead() || terminal(id));
      var heir = replica(runtime, Lines.immortal());
      var run = ended(id);
      // Then
      assertThat(reason(run)).as("line %d", line).isEqualTo(VerdictReason.COMPLETED);
      assertThat(run.attempt()).as("line %d", line).isEqualTo(1);
      assertThat(runtime.starts()).as("line %d", line).isEqualTo(Map.of(id + "-1", 1));
      assertThat(runtime.breaches()).as("line %d", line).isEmpty();
      assertThat(log(id, 1)).as("line %d", line).isEqualTo(MemoryRuntime.LOG);
      await().atMost(30, SECONDS).until(() -> heir.engine.held() == 0 && dying.engine.held() == 0);
      if (spans.ofRun(id).isEmpty()) {
        untold.add(line);
      } else {
        assertThat(spans.ofRun(id)).containsExactly("attempt daily", "run daily");
      }
      heir.stop();
      dying.stop();
    }
    // Who dies between recording the end and exporting it takes the spans with it; nobody else.
    assertThat(untold).hasSizeLessThan(Math.max(3, lines / step / 4));
  }

  @Test
  void aCallThatHangsIsGivenUpAndDecidedAgain() throws Exception {
    for (boolean effect : new boolean[] {false, true}) {
      // Given: each kind of call hangs once, before or after it had its effect
      var runtime = new MemoryRuntime(Duration.ofMillis(50), 0);
      var hanging = new Hanging(effect);
      var limit = Duration.ofMillis(300);
      var id = submitted(null);
      // When
      var replica =
          replica(new BoundedRuntime(hanging.around(runtime), limit, limit), Lines.immortal());
      var run = ended(id);
      // Then
      assertThat(reason(run)).isEqualTo(VerdictReason.COMPLETED);
      assertThat(run.attempt()).isEqualTo(1);
      assertThat(runtime.starts()).isEqualTo(Map.of(id + "-1", 1));
      assertThat(runtime.breaches()).isEmpty();
      assertThat(log(id, 1)).isEqualTo(MemoryRuntime.LOG);
      assertThat(hanging.hung()).contains("create", "release", "observe", "log");
      replica.stop();
    }
  }

  @Test
  void aReplicaThatWakesUpLateStartsNothing() throws Exception {
    for (int line = 4; line < 26; line += 2) {
      // Given: one that is paused at this line, another that does the work, and all is cleared away
      var runtime = new MemoryRuntime(Duration.ofMillis(50), 0);
      var id = submitted(null);
      var awake = new CountDownLatch(1);
      var late = replica(runtime, Lines.pausingAt(line, awake));
      await().atMost(30, SECONDS).until(() -> late.lines.paused() || terminal(id));
      var other = replica(runtime, Lines.immortal());
      assertThat(ended(id).attempt()).isEqualTo(1);
      runtime.clear();
      // When
      awake.countDown();
      await().atMost(30, SECONDS).until(() -> late.engine.held() == 0);
      // Then
      assertThat(runtime.starts()).as("line %d", line).isEqualTo(Map.of(id + "-1", 1));
      await().atMost(30, SECONDS).until(() -> runtime.left() == 0);
      assertThat(log(id, 1)).as("line %d", line).isEqualTo(MemoryRuntime.LOG);
      late.stop();
      other.stop();
    }
  }

  private boolean terminal(String id) {
    return onContext(() -> service.get(id)).state().terminal();
  }

  @Test
  void failuresAreRetriedAsOftenAsAllowedWhoeverDies() throws Exception {
    var policy =
        new RetryPolicy(
            Map.of(VerdictCategory.APPLICATION, 3),
            new RetryPolicy.Backoff(Duration.ZERO, null, null, null),
            null);
    for (int line = 5; line < 120; line += 9) {
      // Given
      var runtime = new MemoryRuntime(Duration.ofMillis(10), 3);
      var id = submitted(policy);
      // When
      var dying = replica(runtime, Lines.dyingAt(line));
      await().atMost(30, SECONDS).until(() -> dying.lines.dead() || terminal(id));
      var heir = replica(runtime, Lines.immortal());
      var run = ended(id);
      // Then
      assertThat(run.attempt()).as("line %d", line).isEqualTo(3);
      assertThat(runtime.starts())
          .as("line %d", line)
          .isEqualTo(Map.of(id + "-1", 1, id + "-2", 1, id + "-3", 1));
      heir.stop();
      dying.stop();
    }
  }

  @Test
  void aCancelIsCarriedOutWhoeverDies() throws Exception {
    for (int line = 4; line < 60; line += 3) {
      // Given
      var runtime = new MemoryRuntime(Duration.ofMinutes(10), 0);
      var id = submitted(null);
      var dying = replica(runtime, Lines.dyingAt(line));
      await().atMost(30, SECONDS).until(() -> dying.lines.dead() || runtime.running() > 0);
      // When
      onContext(() -> service.cancel(id));
      var heir = replica(runtime, Lines.immortal());
      var run = ended(id);
      // Then
      assertThat(reason(run)).as("line %d", line).isEqualTo(VerdictReason.BY_USER);
      await().atMost(30, SECONDS).until(() -> runtime.running() == 0);
      assertThat(runtime.starts().values()).as("line %d", line).allMatch(starts -> starts == 1);
      heir.stop();
      dying.stop();
    }
  }

  @Test
  void aRowThatCannotBeReadStopsNobody() {
    // Given: two runs that a later version wrote, first in the queue and overdue
    var request = submitted(null);
    var reason = submitted(null);
    write("update run set priority = 9, request = replace(request, 'custom', 'later')", request);
    write("update run set priority = 9, stop_reason = 'LATER'", reason);
    var id = submitted(null);
    // When
    replica(new MemoryRuntime(Duration.ofMillis(10), 0), Lines.immortal());
    // Then
    assertThat(reason(ended(id))).isEqualTo(VerdictReason.COMPLETED);
    // When: the time of one of them and of a third is over
    var late = submitted(null);
    write("update run set deadline_at = created_at, due_at = now() + interval '1 hour'", late);
    write("update run set deadline_at = created_at - interval '1 hour'", request);
    // Then
    assertThat(reason(ended(late))).isEqualTo(VerdictReason.RUN_TIMEOUT);
  }

  @Test
  void manyRowsThatCannotBeReadKeepNoRunFromItsTimeout() {
    // Given: more of them than are looked up at once, all overdue for longer
    var late = submitted(null);
    write("update run set deadline_at = created_at, due_at = now() + interval '1 hour'", late);
    int batch = new Roomy().timeoutBatch();
    write(
        """
        insert into run (id, state, platform, domain, product, priority, request, payload_hash,
          trace_id, span_id, sampled, created_at, updated_at, deadline_at)
        select 'unreadable-' || n, 'QUEUED', 'p', 'd', 'p', 0, '{', '', '', '', false, now(),
          now(), now() - interval '1 hour'
        from run cross join generate_series(1, %d) n\
        """
            .formatted(2 * batch),
        late);
    var calls = new AtomicInteger();
    var dispatcher =
        new Dispatcher(transactions, runs, service, claims, bindings, idle, new Roomy(), () -> {});
    // When
    dispatcher.timeOuts(calls::incrementAndGet);
    // Then
    assertThat(reason(ended(late))).isEqualTo(VerdictReason.RUN_TIMEOUT);
    assertThat(calls.get()).isGreaterThan(2 * batch);
    // When: again, at once
    calls.set(0);
    dispatcher.timeOuts(calls::incrementAndGet);
    // Then: none of them is read again
    assertThat(calls.get()).isLessThan(batch);
  }

  private void write(String update, String id) {
    transactions.call(() ->
        runs.getSession()
            .chain(session ->
                session
                    .createNativeQuery(update + " where id = :id")
                    .setParameter("id", id)
                    .executeUpdate()));
  }

  @Test
  void manyReplicasShareTheWorkWithoutRepeatingAny() {
    // Given
    var runtime = new MemoryRuntime(Duration.ofMillis(30), 0);
    var ids = IntStream.range(0, 40).mapToObj(i -> submitted(null)).toList();
    // When
    for (int i = 0; i < 3; i++) {
      replica(runtime, Lines.immortal());
    }
    // Then
    for (var id : ids) {
      assertThat(ended(id).attempt()).isEqualTo(1);
    }
    assertThat(runtime.starts())
        .hasSize(40)
        .allSatisfy((name, starts) -> assertThat(starts).isEqualTo(1));
    assertThat(runtime.breaches()).isEmpty();
  }
}
