package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static dev.floe.platform.rollout.PlatformsApi.awaitEnd;
import static dev.floe.platform.rollout.PlatformsApi.deploy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Started by {@code bench/platform/run} alone; what it measures depends on the machine. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(value = PlatformBench.OnKubernetes.class, restrictToAnnotatedClass = true)
public class PlatformBench {
  private static final int OBJECTS = Integer.getInteger("floe.bench.objects", 990);
  private static final String NAME =
      "bench-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));

  private static Cluster cluster;

  /** Runs platform-manager against the cluster of KUBECONFIG, with a blueprint of its own. */
  public static final class OnKubernetes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      try {
        var folder = Files.createTempDirectory("blueprints");
        Files.createDirectories(folder.resolve("many/kubernetes"));
        Files.writeString(
            folder.resolve("many/blueprint.yaml"),
            """
            blueprint: floe.dev/v1
            system: many
            version: "1"
            kinds: [catalog]
            config:
              type: object
              required: [names]
              properties:
                names: {type: array, maxItems: 1000, items: {type: string}}
            kubernetes:
              objects: [{file: map.yaml, forEach: config.names}]
            """);
        Files.writeString(
            folder.resolve("many/kubernetes/map.yaml"),
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: "${item}"}
            data: {a: b}
            """);
        return Map.of(
            "floe.runtime", "kubernetes",
            "floe.platform.status.interval", "PT1H",
            "floe.platform.blueprints", folder.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {}
  }

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.close();
  }

  @Test
  void measure() throws IOException {
    var rows = new ArrayList<String>();
    rows.add("| What | Seconds | Of the plain calls |");
    rows.add("|---|---|---|");
    var plain = cluster.namespace("bench-plain");
    var maps = names(OBJECTS).stream().map(name -> map(plain, name)).toList();
    measured(() -> deploy(NAME, manifest(3))); // everything is loaded by then
    var raw = measured(() -> maps.forEach(map -> patch(map, false)));
    rows.add(row("%d server-side applies, one after the other".formatted(OBJECTS), raw, raw));
    var deploy = measured(() -> deploy(NAME, manifest(OBJECTS)));
    rows.add(row("deploy of %d objects".formatted(OBJECTS), deploy, raw));
    var rawDry =
        measured(() ->
            maps.forEach(map -> {
              cluster.client().resource(map).get();
              patch(map, true);
            }));
    rows.add(row("%d reads and dry runs, one after the other".formatted(OBJECTS), rawDry, rawDry));
    var diff =
        measured(() -> {
          var changes =
              api()
                  .body(manifest(OBJECTS))
                  .post("/platforms/" + NAME + "/diff")
                  .then()
                  .statusCode(200)
                  .extract()
                  .jsonPath()
                  .getList("changes");
          assertThat(changes).isEmpty();
        });
    rows.add(row("diff of %d objects".formatted(OBJECTS), diff, rawDry));
    var second =
        measured(
            () -> api().body(manifest(OBJECTS)).put("/platforms/" + NAME).then().statusCode(200));
    rows.add(row("second deploy of %d objects".formatted(OBJECTS), second, rawDry));
    deploy(NAME, manifest(30));
    var small =
        measured(() -> api().body(manifest(30)).put("/platforms/" + NAME).then().statusCode(200));
    rows.add(row("second deploy of 30 objects", small, rawDry));
    Files.write(Path.of("target/bench-platform.md"), rows);
    awaitEnd(api().delete("/platforms/" + NAME).then().extract().header("Location"));
    cluster.remove("floe-" + NAME);
  }

  private static Duration measured(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String row(String what, Duration time, Duration plain) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f |",
        what,
        time.toNanos() / 1e9,
        (double) time.toNanos() / plain.toNanos());
  }

  private static ConfigMap patch(ConfigMap map, boolean dryRun) {
    var context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("bench")
            .withForce(true);
    return cluster
        .client()
        .resource(map)
        .patch((dryRun ? context.withDryRun(List.of("All")) : context).build());
  }

  private static ConfigMap map(String namespace, String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .addToData("a", "b")
        .build();
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m%04d".formatted(i)).toList();
  }

  private static String manifest(int objects) {
    return """
    apiVersion: floe.dev/v1
    kind: Manifest
    metadata: {name: %s, version: 1.0.0}
    plugins:
      catalog: {type: many, config: {names: [%s]}}
    """
        .formatted(NAME, names(objects).stream().collect(Collectors.joining(", ")));
  }
}
