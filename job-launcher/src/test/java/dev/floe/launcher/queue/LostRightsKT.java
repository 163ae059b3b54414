package dev.floe.launcher.queue;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.attempt.AttemptStore;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.log.LogConfig;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.log.LogStore;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.kubernetes.LauncherRights;
import dev.floe.launcher.trace.RecordedSpans;
import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a run when the cluster takes away what job-launcher needs: its rights are those
 * that are shipped, its Jobs real ones. Needs no node.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
@TestProfile(NeverTwiceNeverLostTest.Quiet.class)
class LostRightsKT {
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(5);

  @Inject Transactions transactions;
  @Inject RunStore runs;
  @Inject RunService service;
  @Inject AttemptStore attempts;
  @Inject LogStore logs;
  @Inject LogConfig logConfig;
  @Inject RunConfig runConfig;
  @Inject Json json;
  @Inject MeterRegistry meters;

  // Not before the application's class loader loads this class: fabric8 finds its parts through it.
  private static Cluster cluster;
  private static LauncherRights rights;
  private @Nullable AttemptEngine engine;

  @BeforeAll
  static void install() throws IOException {
    cluster = Cluster.connect();
    rights = LauncherRights.install(cluster);
  }

  @AfterAll
  static void remove() {
    rights.close();
    cluster.close();
  }

  @AfterEach
  void halt() {
    if (engine != null) {
      engine.halt();
    }
  }

  private AttemptEngine engine(JobRuntime runtime, Brisk config) {
    var fresh =
        new AttemptEngine(
            "rights-" + UUID.randomUUID(),
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
    engine = fresh;
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

  /** Submits a run and begins its first attempt in a namespace. */
  private String begun(AttemptEngine launcher, String namespace) {
    var request =
        new RunRequest(
            "weather",
            null,
            "weather",
            "daily",
            null,
            RunKind.CUSTOM,
            "floe.local/weather:1",
            List.of("true"),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    var id = onContext(() -> service.submit(request, null, null)).run().id();
    launcher.follow(
        transactions.call(() ->
            runs.lock(id).chain(run -> launcher.begin(run.orElseThrow(), namespace, List.of()))));
    return id;
  }

  private String released(AttemptEngine launcher, String namespace) {
    var id = begun(launcher, namespace);
    await()
        .atMost(2, MINUTES)
        .until(() -> onContext(() -> service.get(id)).state() == RunState.RUNNING);
    return id;
  }

  private Run ended(String id) {
    return await()
        .atMost(2, MINUTES)
        .until(() -> onContext(() -> service.get(id)), run -> run.state().terminal());
  }

  private static @Nullable VerdictReason reason(Run run) {
    var verdict = run.verdict();
    return verdict == null ? null : verdict.reason();
  }

  @Test
  void aRunWhoseRoleBindingIsRemovedEndsAndFreesItsPlace() {
    // Given
    var namespace = rights.domain("kt-rights");
    var launcher = engine(rights.open(), new Brisk(LONG, BOUND));
    long before = transactions.call(launcher::active);
    var id = released(launcher, namespace);
    // When
    rights.unbind(namespace);
    // Then
    var run = ended(id);
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(reason(run)).isEqualTo(VerdictReason.RIGHTS_LOST);
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(transactions.call(launcher::active)).isEqualTo(before);
  }

  @Test
  void aRunWhoseDomainIsGoneEnds() {
    // Given
    var namespace = rights.domain("kt-domain");
    var launcher = engine(rights.open(), new Brisk(LONG, BOUND));
    launcher.checkNamespaces(request -> Optional.of("no domain " + request.domain()));
    var id = released(launcher, namespace);
    // When
    rights.unbind(namespace);
    cluster.client().namespaces().withName(namespace).delete();
    // Then
    assertThat(reason(ended(id))).isEqualTo(VerdictReason.NAMESPACE_GONE);
  }

  @Test
  void aRoleBindingThatComesBackInTimeCostsNothing() {
    // Given
    var namespace = rights.domain("kt-back");
    var runtime = rights.open();
    var launcher = engine(runtime, new Brisk(LONG, Duration.ofMinutes(2)));
    var id = released(launcher, namespace);
    // When
    rights.unbind(namespace);
    await().atMost(2, MINUTES).until(() -> failing(id));
    rights.bind(namespace);
    await().atMost(2, MINUTES).until(() -> !failing(id));
    // Then
    assertThat(onContext(() -> service.get(id)).state()).isEqualTo(RunState.RUNNING);
  }

  @Test
  void aWebhookThatCannotBeCalledEndsTheLaunchAtItsTimeout() {
    // Given: every release of a Job asks a webhook that does not exist, which is a 500
    var namespace = rights.domain("kt-webhook");
    webhook(namespace);
    try {
      var launcher = engine(rights.open(), new Brisk(Duration.ofSeconds(10), LONG));
      // When
      var id = begun(launcher, namespace);
      // Then: infrastructure, so another attempt is due
      await()
          .atMost(3, MINUTES)
          .until(() -> onContext(() -> service.get(id)).state() == RunState.RETRYING);
      var run = onContext(() -> service.get(id));
      assertThat(reason(run)).isEqualTo(VerdictReason.LAUNCH_TIMEOUT);
      assertThat(String.valueOf(run.verdict())).contains("failed calling webhook");
      assertThat(cluster.client().batch().v1().jobs().inNamespace(namespace).list().getItems())
          .isEmpty();
    } finally {
      cluster
          .client()
          .admissionRegistration()
          .v1()
          .validatingWebhookConfigurations()
          .withName(namespace)
          .delete();
    }
  }

  private static void webhook(String namespace) {
    cluster
        .client()
        .resource(
            new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(namespace)
                .endMetadata()
                .addNewWebhook()
                .withName("release.kt.floe.dev")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withTimeoutSeconds(1)
                .withNewClientConfig()
                .withUrl("https://127.0.0.1:1/")
                .endClientConfig()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", namespace)
                .endNamespaceSelector()
                .addNewRule()
                .withApiGroups("batch")
                .withApiVersions("v1")
                .withOperations("UPDATE")
                .withResources("jobs")
                .endRule()
                .endWebhook()
                .build())
        .create();
  }

  private boolean failing(String id) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        "select failing is not null from attempt where run_id = :id", Boolean.class)
                    .setParameter("id", id)
                    .getSingleResult()));
  }
}
