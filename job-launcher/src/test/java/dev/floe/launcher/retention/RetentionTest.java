package dev.floe.launcher.retention;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.Observation;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
class RetentionTest {
  @Inject Transactions transactions;
  @Inject Retention retention;
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
}
