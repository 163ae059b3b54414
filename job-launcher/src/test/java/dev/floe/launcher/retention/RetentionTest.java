package dev.floe.launcher.retention;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.kit.database.DatabaseUnavailableException;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.AccessLostException;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
class RetentionTest {
  @Inject Transactions transactions;
  @Inject Retention retention;
  @Inject RetentionStore store;
  @Inject RetentionConfig config;
  @Inject RunService service;
  @Inject RunStore runs;
  @Inject JobRuntime runtime;

  private String finished() throws Throwable {
    var request =
        new RunRequest(
            "weather",
            null,
            "weather",
            "daily",
            null,
            RunKind.CUSTOM,
            LauncherSurroundings.IMAGE,
            List.of("echo", "kept"),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    var id =
        VertxContextSupport.subscribeAndAwait(() -> service.submit(request, null, null)).run().id();
    await()
        .atMost(60, SECONDS)
        .until(() ->
            transactions
                .call(() -> runs.read(id))
                .filter(run -> run.state().terminal())
                .isPresent());
    return id;
  }

  private void age(String id, int days) {
    transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        """
                        with a as (update attempt
                          set finished_at = now() - make_interval(days => :days)
                          where run_id = :id)
                        update run set finished_at = now() - make_interval(days => :days)
                        where id = :id\
                        """)
                    .setParameter("days", days)
                    .setParameter("id", id)
                    .executeUpdate()));
  }

  private long logBytes(String id) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        "select count(*) from log_chunk where run_id = :id", Long.class)
                    .setParameter("id", id)
                    .getSingleResult()));
  }

  @Test
  void everythingGoesAtItsTimeAndNothingBefore() throws Throwable {
    // Given
    var id = finished();
    var attempt = new AttemptRef("weather", id, 1);
    retention.round();
    assertThat(runtime.observe(attempt)).isInstanceOf(Observation.Ended.class);

    // When
    age(id, 1);
    retention.round();
    // Then
    assertThat(runtime.observe(attempt)).isInstanceOf(Observation.Absent.class);
    assertThat(logBytes(id)).isPositive();

    // When
    age(id, 15);
    retention.round();
    // Then
    assertThat(logBytes(id)).isZero();
    assertThat(transactions.call(() -> runs.read(id))).isPresent();

    // When
    age(id, 31);
    retention.round();
    // Then
    assertThat(transactions.call(() -> runs.read(id))).isEqualTo(Optional.empty());
  }

  @Test
  void whatCannotBeRemovedKeepsNothingElse() throws Throwable {
    // Given: two objects are due, and removing the older one fails in one way or another
    for (var fault :
        List.of(
            AccessLostException.denied("cannot get Jobs", new IOException("403")),
            new IllegalStateException("odd"),
            new RuntimeUnavailableException("away", new IOException("500")))) {
      var older = finished();
      var younger = finished();
      age(older, 2);
      age(younger, 1);
      var faulty = new Retention(transactions, store, failing(older, fault), config);
      // When
      faulty.round();
      // Then
      assertThat(runtime.observe(new AttemptRef("weather", younger, 1)))
          .isInstanceOf(Observation.Absent.class);
      assertThat(runtime.observe(new AttemptRef("weather", older, 1)))
          .isInstanceOf(Observation.Ended.class);

      // When: the fault is gone, and the time of the next try has come
      retention.round();
      assertThat(runtime.observe(new AttemptRef("weather", older, 1)))
          .isInstanceOf(Observation.Ended.class);
      transactions.call(() -> due(older));
      retention.round();
      // Then
      assertThat(runtime.observe(new AttemptRef("weather", older, 1)))
          .isInstanceOf(Observation.Absent.class);
    }
  }

  @Test
  void anObjectThatCannotBeReachedIsGivenUpWithItsRun() throws Throwable {
    // Given
    var id = finished();
    age(id, 31);
    var fault = AccessLostException.denied("cannot get Jobs", new IOException("403"));
    // When
    new Retention(transactions, store, failing(id, fault), config).round();
    // Then
    assertThat(transactions.call(() -> runs.read(id))).isEqualTo(Optional.empty());
  }

  @Test
  void aLogThatCannotBeRemovedKeepsNothingElse() throws Throwable {
    // Given: the database takes too long for the oldest log, and a run behind it is due
    var stuck = finished();
    var next = finished();
    var run = finished();
    age(stuck, 20);
    age(next, 19);
    age(run, 31);
    execute(
        """
        create or replace function too_slow() returns trigger language plpgsql as $$ begin
          if old.run_id = '%s' then
            raise exception 'canceling statement due to statement timeout' using errcode = '57014';
          end if;
          return old;
        end $$\
        """
            .formatted(stuck));
    execute(
        """
        create trigger too_slow before delete on log_chunk for each row
        execute function too_slow()\
        """);
    try {
      // When
      assertThatThrownBy(retention::round).isInstanceOf(DatabaseUnavailableException.class);
      // Then
      assertThat(logBytes(stuck)).isPositive();
      assertThat(logBytes(next)).isZero();
      assertThat(transactions.call(() -> runs.read(run))).isEqualTo(Optional.empty());
    } finally {
      execute("drop trigger too_slow on log_chunk");
    }
    // When
    retention.round();
    // Then
    assertThat(logBytes(stuck)).isZero();
  }

  @Test
  void objectsThatAreRefusedKeepNoOthers() throws Throwable {
    // Given: more refusals in a row than calls without an answer end a pass
    var refused =
        new RuntimeUnavailableException(
            "admission webhook denied the request", new IOException("403"), true);
    var stuck = IntStream.rangeClosed(1, 7).mapToObj(i -> leftover(i + 2)).toList();
    var younger = leftover(1);
    // When
    new Retention(transactions, store, failing(stuck, refused), config).round();
    // Then
    assertThat(objectRemoved(younger)).isTrue();
    assertThat(stuck).noneMatch(this::objectRemoved);
    stuck.forEach(this::forget);
  }

  @Test
  void objectsThatWereNotTriedComeFirst() {
    // Given: what does not answer is oldest, and its next try is due
    var away = new RuntimeUnavailableException("away", new IOException("500"));
    var stuck = IntStream.rangeClosed(1, 7).mapToObj(i -> leftover(i + 2)).toList();
    var faulty = new Retention(transactions, store, failing(stuck, away), config);
    faulty.round();
    stuck.forEach(id -> transactions.call(() -> due(id)));
    var younger = leftover(1);
    // When
    faulty.round();
    // Then
    assertThat(objectRemoved(younger)).isTrue();
    assertThat(stuck).noneMatch(this::objectRemoved);
    stuck.forEach(this::forget);
  }

  /** An attempt that ended days ago and whose object, which never was, is not removed yet. */
  private String leftover(int days) {
    var id = UUID.randomUUID().toString().substring(0, 26);
    execute(
        """
        insert into run (id, state, platform, domain, product, priority, request, payload_hash,
          trace_id, span_id, sampled, created_at, updated_at, deadline_at, finished_at)
        values ('%1$s', 'SUCCEEDED', 'p', 'd', 'p', 0, '{}', '', '', '', false, now(), now(), now(),
          now() - make_interval(days => %2$d))\
        """
            .formatted(id, days));
    execute(
        """
        insert into attempt (run_id, number, state, namespace, bindings, span_id, epoch, owner,
          lease_until, created_at, launch_deadline_at, finished_at)
        values ('%1$s', 1, 'SUCCEEDED', 'weather', '[]', '', 1, 'me', now(), now(), now(),
          now() - make_interval(days => %2$d))\
        """
            .formatted(id, days));
    return id;
  }

  private boolean objectRemoved(String id) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        "select object_removed from attempt where run_id = :id", Boolean.class)
                    .setParameter("id", id)
                    .getSingleResult()));
  }

  private void forget(String id) {
    execute("delete from run where id = '%s'".formatted(id));
  }

  private void execute(String sql) {
    transactions.call(() ->
        Panache.getSession().chain(session -> session.createNativeQuery(sql).executeUpdate()));
  }

  private JobRuntime failing(String runId, RuntimeException fault) {
    return failing(List.of(runId), fault);
  }

  private JobRuntime failing(List<String> runIds, RuntimeException fault) {
    return (JobRuntime)
        Proxy.newProxyInstance(
            RetentionTest.class.getClassLoader(),
            new Class<?>[] {JobRuntime.class},
            (proxy, method, args) -> {
              if (args[0] instanceof AttemptRef ref && runIds.contains(ref.runId())) {
                throw fault;
              }
              try {
                return method.invoke(runtime, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Uni<Integer> due(String id) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery("update attempt set object_due_at = now() where run_id = :id")
                .setParameter("id", id)
                .executeUpdate());
  }
}
