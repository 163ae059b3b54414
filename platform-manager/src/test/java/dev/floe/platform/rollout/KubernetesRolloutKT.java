package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.awaitEnd;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One platform with a real PostgreSQL goes through its life; each test continues from the last. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(
    value = KubernetesRolloutKT.OnKubernetes.class,
    restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public class KubernetesRolloutKT {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String NAME =
      "kt-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  private static final String NAMESPACE = "floe-" + NAME;
  private static final String DOMAIN = NAME + "-sales";
  private static final String SECRET = "postgresql-warehouse";

  @Inject MeterRegistry meters;

  private static Cluster cluster;
  private static String password = "";

  /** Runs platform-manager against the cluster of KUBECONFIG. */
  public static final class OnKubernetes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      return Map.of(
          "floe.runtime", "kubernetes",
          "floe.platform.status.interval", "PT1S",
          "floe.platform.runtime.failure-grace", "PT5S");
    }

    @Override
    public void stop() {}
  }

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
    cluster.remove(NAMESPACE);
    cluster.remove(DOMAIN);
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.close();
  }

  private static KubernetesClient client() {
    return cluster.client();
  }

  private static String manifest(String services) {
    return """
    apiVersion: floe.dev/v1
    kind: Manifest
    metadata: {name: %s, version: 1.0.0}
    plugins:
      compute: {type: postgresql, config: {storage: 1Gi}}
    domains:
      sales: {namespace: %s}
    services:
      postgresql: {%s}
    """
        .formatted(NAME, DOMAIN, services);
  }

  @Test
  @Order(1)
  void aDeployBringsPostgresqlUp() {
    // When
    var release = deploy(NAME, manifest(""));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    var pod = client().pods().inNamespace(NAMESPACE).withName("postgresql-0").get();
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    password = secret(NAMESPACE, SECRET);
    var set = client().apps().statefulSets().inNamespace(NAMESPACE).withName("postgresql").get();
    api()
        .get("/platforms/" + NAME + "/details")
        .then()
        .statusCode(200)
        .body(
            "objects.find { it.object == 'StatefulSet.apps/%s/postgresql' }.uid"
                .formatted(NAMESPACE),
            equalTo(set.getMetadata().getUid()));
  }

  @Test
  @Order(2)
  void aSecondDeployChangesNothing() {
    // Given
    var before = versions();
    // When
    var diff = api().body(manifest("")).post("/platforms/" + NAME + "/diff").then().statusCode(200);
    // Then
    assertThat(diff.extract().jsonPath().getList("changes")).isEmpty();
    api()
        .body(manifest(""))
        .put("/platforms/" + NAME)
        .then()
        .statusCode(200)
        .body("number", equalTo(1))
        .body("state", equalTo("DEPLOYED"));
    assertThat(versions()).isEqualTo(before);
    // When: somebody deleted a part of it
    client().configMaps().inNamespace(NAMESPACE).withName("postgresql-init").delete();
    // Then
    assertThat(deploy(NAME, manifest("")).getInt("number")).isEqualTo(2);
    assertThat(client().configMaps().inNamespace(NAMESPACE).withName("postgresql-init").get())
        .isNotNull();
    assertThat(secret(NAMESPACE, SECRET)).isEqualTo(password);
  }

  /** Resource versions of what the platform is made of. */
  private static List<String> versions() {
    return Stream.<HasMetadata>of(
            client().apps().statefulSets().inNamespace(NAMESPACE).withName("postgresql").get(),
            client().services().inNamespace(NAMESPACE).withName("postgresql").get(),
            client().configMaps().inNamespace(NAMESPACE).withName("postgresql-init").get(),
            client().secrets().inNamespace(NAMESPACE).withName(SECRET).get(),
            client().secrets().inNamespace(DOMAIN).withName(NAME + "-" + SECRET).get(),
            client().pods().inNamespace(NAMESPACE).withName("postgresql-0").get())
        .map(object -> object.getMetadata().getUid() + object.getMetadata().getResourceVersion())
        .toList();
  }

  @Test
  @Order(3)
  void theDomainGetsItsNamespaceItsSecretsAndItsRole() {
    // Then
    var labels = client().namespaces().withName(DOMAIN).get().getMetadata().getLabels();
    assertThat(labels)
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted")
        .containsEntry("floe.dev/domain", "sales");
    assertThat(secret(DOMAIN, NAME + "-" + SECRET)).isEqualTo(password);
    var binding =
        client().rbac().roleBindings().inNamespace(DOMAIN).withName("floe-job-launcher").get();
    assertThat(binding.getRoleRef().getName()).isEqualTo("floe-job-launcher-domain");
    assertThat(binding.getSubjects())
        .singleElement()
        .satisfies(subject -> {
          assertThat(subject.getName()).isEqualTo("job-launcher");
          assertThat(subject.getNamespace()).isEqualTo("floe");
        });
    var bindings =
        api()
            .get("/platforms/" + NAME + "/bindings?domain=sales")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    assertThat(
            bindings.getString(
                "bindings[0].env.find { it.name == 'FLOE_WAREHOUSE_PASSWORD' }.secretRef.name"))
        .isEqualTo(NAME + "-" + SECRET);
  }

  @Test
  @Order(4)
  void aChangedSecretReachesTheDomain() {
    // When
    client()
        .secrets()
        .inNamespace(DOMAIN)
        .withName(NAME + "-" + SECRET)
        .edit(secret -> secret.edit().addToStringData("password", "changed").build());
    // Then
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(secret(DOMAIN, NAME + "-" + SECRET)).isEqualTo(password));
  }

  @Test
  @Order(5)
  void aChangeIsNamedFieldByField() {
    // When
    var diff =
        api()
            .body(manifest("resources: {limits: {memory: 777Mi}}"))
            .post("/platforms/" + NAME + "/diff")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    // Then
    assertThat(diff.getList("changes.object"))
        .containsExactly("StatefulSet/%s/postgresql".formatted(NAMESPACE));
    assertThat(diff.getList("changes[0].fields.pointer"))
        .containsExactly("/spec/template/spec/containers[name=postgresql]/resources/limits/memory");
    assertThat(diff.getString("changes[0].fields[0].after")).isEqualTo("777Mi");
  }

  @Test
  @Order(5)
  void aChangeOfDomainsIsNamedBeforeItIsDone() {
    // When
    var other =
        manifest("")
            .replace("sales: {namespace: " + DOMAIN + "}", "stock: {namespace: " + DOMAIN + "-x}");
    var diff = api().body(other).post("/platforms/" + NAME + "/diff").then().statusCode(200);
    // Then
    assertThat(
            diff.extract()
                .jsonPath()
                .<String>getList("changes.collect { it.action + ' ' + it.object }"))
        .containsExactlyInAnyOrder(
            "CREATE Namespace/%s-x".formatted(DOMAIN),
            "CREATE RoleBinding/%s-x/floe-job-launcher".formatted(DOMAIN),
            "CREATE Secret/%s-x/%s-%s".formatted(DOMAIN, NAME, SECRET),
            "UPDATE RoleBinding/%s/floe-job-launcher".formatted(DOMAIN),
            "UPDATE Secret/%s/%s-%s".formatted(DOMAIN, NAME, SECRET));
    assertThat(diff.extract().asString()).doesNotContain(password);
  }

  @Test
  @Order(6)
  void anImageThatDoesNotExistFailsTheReleaseWithItsReason() {
    // When
    var release = deploy(NAME, manifest("image: floe.local/nowhere:1"));
    // Then
    assertThat(release.getString("state")).isEqualTo("FAILED");
    assertThat(release.getString("message"))
        .contains("postgresql")
        .containsAnyOf("ErrImagePull", "ImagePullBackOff");
    // When
    assertThat(deploy(NAME, manifest("")).getString("state")).isEqualTo("DEPLOYED");
  }

  @Test
  @Order(7)
  void copyWithThePlatformsLabelsStays() {
    // Given
    client()
        .resource(
            new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                .withNewMetadata()
                .withName("copied")
                .withNamespace(NAMESPACE)
                .addToLabels("app.kubernetes.io/managed-by", "floe-platform-manager")
                .addToLabels("floe.dev/platform", NAME)
                .endMetadata()
                .build())
        .create();
    // When
    deploy(NAME, manifest(""));
    // Then
    assertThat(client().configMaps().inNamespace(NAMESPACE).withName("copied").get()).isNotNull();
  }

  @Test
  @Order(7)
  void logsAreReadAndFollowedUntilTheReaderLeaves() throws IOException {
    // Given
    var path = "/platforms/" + NAME + "/components/postgresql/logs?tail=5";
    // Then
    assertThat(api().get(path).then().statusCode(200).extract().asString())
        .contains("[postgresql-0] ");
    // When
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout((int) LONG.toMillis());
      var request =
          "GET /api/v1%s&follow=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(path, EmbeddedPostgresResource.TOKEN);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      var lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(lines.lines().anyMatch(line -> line.startsWith("[postgresql-0] "))).isTrue();
      assertThat(readers()).isEqualTo(1.0);
    }
    // Then
    await().atMost(LONG).until(() -> readers() == 0.0);
  }

  private double readers() {
    return meters.get("floe.platform.log.readers").gauge().value();
  }

  @Test
  @Order(7)
  void scalingByOthersIsNotUndone() {
    // Given
    client().apps().statefulSets().inNamespace(NAMESPACE).withName("postgresql").scale(0);
    // When
    var release = deploy(NAME, manifest(""));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    assertThat(server().getSpec().getReplicas()).isZero();
    // When
    client().apps().statefulSets().inNamespace(NAMESPACE).withName("postgresql").scale(1);
    // Then
    assertThat(deploy(NAME, manifest("")).getString("state")).isEqualTo("DEPLOYED");
  }

  @Test
  @Order(7)
  void aFieldThatOthersChangedIsTakenOverOnlyOnRequest() {
    // Given
    client()
        .apps()
        .statefulSets()
        .inNamespace(NAMESPACE)
        .withName("postgresql")
        .edit(set -> {
          set.getSpec().getPersistentVolumeClaimRetentionPolicy().setWhenScaled("Delete");
          return set;
        });
    // When
    var release = deploy(NAME, manifest(""));
    // Then
    assertThat(release.getString("state")).isEqualTo("FAILED");
    assertThat(release.getString("message"))
        .contains(
            "persistentVolumeClaimRetentionPolicy.whenScaled", "conflict with", "--take-over");
    assertThat(server().getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
        .isEqualTo("Delete");
    // When
    var taken =
        awaitEnd(
            api()
                .body(manifest(""))
                .put("/platforms/" + NAME + "?takeOver=true")
                .then()
                .statusCode(202)
                .extract()
                .header("Location"));
    // Then
    assertThat(taken.getString("state")).as(taken.prettify()).isEqualTo("DEPLOYED");
    assertThat(server().getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
        .isEqualTo("Retain");
  }

  @Test
  @Order(7)
  void anObjectOfOthersIsNotTakenOver() {
    // Given: the Service is another's
    var services = client().services().inNamespace(NAMESPACE).withName("postgresql");
    var ours = services.get();
    services.delete();
    client()
        .resource(
            new io.fabric8.kubernetes.api.model.ServiceBuilder()
                .withNewMetadata()
                .withName("postgresql")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withSpec(ours.getSpec().edit().withClusterIP(null).withClusterIPs().build())
                .build())
        .create();
    // When
    var release = deploy(NAME, manifest(""));
    // Then
    assertThat(release.getString("state")).isEqualTo("FAILED");
    assertThat(release.getString("message"))
        .contains("Service/%s/postgresql is there already".formatted(NAMESPACE));
    // When
    services.delete();
    // Then
    assertThat(deploy(NAME, manifest("")).getString("state")).isEqualTo("DEPLOYED");
  }

  private static StatefulSet server() {
    return client().apps().statefulSets().inNamespace(NAMESPACE).withName("postgresql").get();
  }

  @Test
  @Order(8)
  void eventsTellWhatHappened() {
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(client().events().v1().events().inNamespace(NAMESPACE).list().getItems())
                .extracting(event -> event.getReason())
                .contains("ReleaseStarted", "ComponentReady", "ReleaseDeployed", "ReleaseFailed"));
  }

  @Test
  @Order(9)
  void aNamespaceOfOthersIsNotTaken() {
    // Given
    var others = cluster.namespace("kt-others");
    // When
    var release =
        deploy(NAME, manifest("").replace("namespace: " + DOMAIN, "namespace: " + others));
    // Then
    assertThat(release.getString("state")).isEqualTo("FAILED");
    assertThat(release.getString("message")).contains(others).contains("was not made by floe");
  }

  @Test
  @Order(9)
  void aDomainThatLeavesTheManifestLosesItsGrantAndItsSecrets() {
    // When
    var release = deploy(NAME, manifest("").replace("sales: {namespace: " + DOMAIN + "}", ""));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    assertThat(grant().getSubjects()).isEmpty();
    assertThat(client().secrets().inNamespace(DOMAIN).withName(NAME + "-" + SECRET).get().getData())
        .isNullOrEmpty();
    assertThat(client().namespaces().withName(DOMAIN).get().getMetadata().getLabels())
        .doesNotContainKeys("floe.dev/platform", "floe.dev/domain")
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    // When: it comes back, and its namespace is free
    deploy(NAME, manifest(""));
    // Then
    assertThat(grant().getSubjects()).hasSize(1);
    assertThat(secret(DOMAIN, NAME + "-" + SECRET)).isEqualTo(password);
  }

  private static RoleBinding grant() {
    return client().rbac().roleBindings().inNamespace(DOMAIN).withName("floe-job-launcher").get();
  }

  @Test
  @Order(7)
  void aChangedSecretReplacesExactlyThePodsThatReadIt() {
    // Given
    var before = pod();
    assertThat(deploy(NAME, manifest("")).getString("state")).isEqualTo("DEPLOYED");
    assertThat(pod()).isEqualTo(before);
    // When: one that the server reads; its password would only count with an empty volume
    client()
        .secrets()
        .inNamespace(NAMESPACE)
        .withName(SECRET)
        .edit(secret -> secret.edit().addToStringData("note", "changed").build());
    var diff = api().body(manifest("")).post("/platforms/" + NAME + "/diff").then().statusCode(200);
    // Then
    assertThat(diff.extract().jsonPath().getList("changes[0].fields.pointer"))
        .singleElement()
        .asString()
        .endsWith("secrets-revision");
    // When
    assertThat(deploy(NAME, manifest("")).getString("state")).isEqualTo("DEPLOYED");
    // Then
    assertThat(pod()).isNotEqualTo(before);
  }

  /** The server takes the password that the Secret has when it starts. */
  @Test
  @Order(7)
  void aSecretThatWasDeletedUnderARunningDatabaseIsMadeAnewAndTaken() {
    // Given
    var before = pod();
    client().secrets().inNamespace(NAMESPACE).withName(SECRET).delete();
    // When
    var release = deploy(NAME, manifest(""));
    // Then
    assertThat(release.getString("state")).as(release.prettify()).isEqualTo("DEPLOYED");
    assertThat(pod()).isNotEqualTo(before);
    var present = secret(NAMESPACE, SECRET);
    assertThat(present).isNotEqualTo(password);
    assertThat(secret(DOMAIN, NAME + "-" + SECRET)).isEqualTo(present);
    assertThat(connects(present)).isTrue();
    assertThat(connects(password)).isFalse();
    password = present;
  }

  /**
   * @param password in Base64, as the Secret has it
   */
  private static boolean connects(String password) {
    var plain = new String(Base64.getDecoder().decode(password), StandardCharsets.UTF_8);
    try (var psql =
        client()
            .pods()
            .inNamespace(NAMESPACE)
            .withName("postgresql-0")
            .inContainer("postgresql")
            .writingOutput(OutputStream.nullOutputStream())
            .exec(
                "psql",
                "postgresql://warehouse:%s@127.0.0.1/warehouse".formatted(plain),
                "-Atc",
                "select 1")) {
      return psql.exitCode().get(1, TimeUnit.MINUTES) == 0;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pod() {
    var pod = client().pods().inNamespace(NAMESPACE).withName("postgresql-0").get();
    return pod.getMetadata().getUid();
  }

  @Test
  @Order(10)
  void removalKeepsDataAndSecretsAndTheNextDeployFindsThem() {
    // Given
    var claim =
        client().persistentVolumeClaims().inNamespace(NAMESPACE).withName("data-postgresql-0");
    var uid = claim.get().getMetadata().getUid();
    // When
    awaitEnd(
        api().delete("/platforms/" + NAME).then().statusCode(202).extract().header("Location"));
    // Then
    api().get("/platforms/" + NAME).then().statusCode(404);
    assertThat(client().apps().statefulSets().inNamespace(NAMESPACE).withName("postgresql").get())
        .isNull();
    assertThat(grant().getSubjects()).isEmpty();
    assertThat(claim.get().getMetadata().getUid()).isEqualTo(uid);
    // When
    assertThat(deploy(NAME, manifest("")).getString("state")).isEqualTo("DEPLOYED");
    // Then
    assertThat(claim.get().getMetadata().getUid()).isEqualTo(uid);
    assertThat(secret(NAMESPACE, SECRET)).isEqualTo(password);
  }

  private static String secret(String namespace, String name) {
    return String.valueOf(
        client().secrets().inNamespace(namespace).withName(name).get().getData().get("password"));
  }
}
