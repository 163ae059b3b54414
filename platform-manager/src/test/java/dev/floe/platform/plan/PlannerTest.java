package dev.floe.platform.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.floe.contract.Names.Labels;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.BlueprintFolder;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.manifest.ManifestParser;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.test.Golden;
import dev.floe.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SERVED = List.of("monitoring.coreos.com/v1/ServiceMonitor");

  private static final Path EXAMPLE = Path.of("../examples/weather/platform.yaml");

  private final BlueprintLibrary library = BlueprintLibrary.load();

  @Test
  void theExampleOnKubernetes() throws IOException {
    assertGolden(plan(Files.readString(EXAMPLE), "kubernetes"));
  }

  @Test
  void theExampleOnOneMachine() throws IOException {
    assertGolden(plan(Files.readString(EXAMPLE), "local"));
  }

  @Test
  void theSamePlanIsTheSameText() throws IOException {
    var manifest = Files.readString(EXAMPLE);
    var text = PlanText.write(plan(manifest, "kubernetes"));
    assertThat(PlanText.write(plan(manifest, "kubernetes"))).isEqualTo(text);
    assertThat(PlanText.write(PlanText.read(text))).isEqualTo(text);
  }

  /** Written by a later version that added what this one does not know. */
  @Test
  void whatAPlanHasMoreIsNotRead() throws IOException {
    var text = PlanText.write(plan(Files.readString(EXAMPLE), "kubernetes"));
    var more =
        text.replaceFirst("\\{", "{\"since\":\"later\",")
            .replace("\"after\":", "\"x\":1,\"after\":");
    assertThat(more).contains("\"x\":1");
    assertThat(PlanText.write(PlanText.read(more))).isEqualTo(text);
  }

  @Test
  void aPlanThatCannotBeReadIsToldApart() {
    assertThatThrownBy(() -> PlanText.read("{\"format\":3,\"components\":\"otherwise\"}"))
        .isInstanceOfSatisfying(
            PlanUnreadableException.class, e -> assertThat(e.isLater()).isTrue());
    for (var text : List.of("{", "{\"format\":2}", "{\"format\":2,\"components\":7}")) {
      assertThatThrownBy(() -> PlanText.read(text))
          .isInstanceOfSatisfying(
              PlanUnreadableException.class, e -> assertThat(e.isLater()).isFalse());
    }
  }

  @Test
  void aBlueprintOfAnOperatorsOwnIsPlannedLikeOthers() {
    // Given
    var own = BlueprintLibrary.load(BlueprintFolder.read(Path.of("../examples/blueprints")));
    var manifest = "plugins: {telemetry_backend: {type: jaeger, config: {traces: 2000%s}}}";
    // When
    var plan = plan(manifest(manifest.formatted("")), "kubernetes", own);
    var without = plan(manifest(manifest.formatted(", ui: false")), "kubernetes", own);
    // Then
    var component = plan.components().getFirst();
    assertThat(component.objects())
        .extracting(object -> ObjectKey.of(object).text())
        .containsExactly(
            "ServiceAccount/floe-p/jaeger",
            "ConfigMap/floe-p/jaeger",
            "Service/floe-p/jaeger",
            "Service/floe-p/jaeger-ui",
            "Deployment.apps/floe-p/jaeger");
    assertThat(component.objects().get(1).at("/data/config.yaml").asText())
        .contains("max_traces: 2000");
    assertThat(without.components().getFirst().objects())
        .extracting(object -> ObjectKey.of(object).name())
        .doesNotContain("jaeger-ui");
  }

  @Test
  void objectOfAKindThatTheClusterDoesNotServeIsLeftOutAndNamed() {
    // Given
    var blueprint =
        """
        blueprint: floe.dev/v1
        system: watched
        version: "1"
        kinds: [telemetry_backend]
        kubernetes:
          objects:
            - {file: monitor.yaml, ifKind: %s}
            - service.yaml
        """;
    var monitor =
        """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: watched}
        spec: {endpoints: [{port: http%s}]}
        """;
    var service =
        "{apiVersion: v1, kind: Service, metadata: {name: watched}, spec: {ports: [{port: 80}]}}";
    var manifest = manifest("plugins: {telemetry_backend: {type: watched}}");
    // When
    var served =
        plan(
            manifest,
            "kubernetes",
            own("watched", blueprint.formatted(SERVED.getFirst()), monitor.formatted(""), service));
    var unknown =
        plan(
            manifest,
            "kubernetes",
            own("watched", blueprint.formatted("x.dev/v1/Y"), monitor.formatted(""), service));
    // Then
    assertThat(served.keys()).extracting(ObjectKey::kind).contains("ServiceMonitor", "Service");
    assertThat(served.leftOut()).isEmpty();
    assertThat(unknown.keys()).extracting(ObjectKey::kind).containsExactly("Service");
    assertThat(unknown.leftOut())
        .containsExactly(
            "kubernetes/monitor.yaml of watched is left out: the cluster does not serve x.dev/v1/Y");
    assertThat(PlanText.read(PlanText.write(unknown))).isEqualTo(unknown);
    // When: Prometheus would send a Secret to what it watches
    var sends = monitor.formatted(", basicAuth: {password: {name: a, key: b}}");
    var spy = own("watched", blueprint.formatted(SERVED.getFirst()), sends, service);
    assertThatThrownBy(() -> plan(manifest, "kubernetes", spy))
        .hasMessageContaining("says basicAuth of an endpoint of a ServiceMonitor");
  }

  private static BlueprintLibrary own(
      String system, String blueprint, String monitor, String service) {
    return BlueprintLibrary.load(
        BlueprintFolder.of(
            Map.of(
                system + "/blueprint.yaml",
                blueprint,
                system + "/kubernetes/monitor.yaml",
                monitor,
                system + "/kubernetes/service.yaml",
                service)));
  }

  @Test
  void aWorkloadIsSizedAlone() {
    // Given
    var manifest =
        """
        plugins: {orchestrator: {type: dagster}}
        resource_presets: {small: {cpu_request: 50m}, large: {cpu_request: "2"}}
        services:
          dagster:
            preset: small
            env: {A: all, B: all}
            workloads:
              %s: {replicas: 3, preset: large, env: {B: alone}}
        """;
    // When
    var plan = plan(manifest(manifest.formatted("dagster-webserver")), "kubernetes");
    // Then
    var webserver = object(plan, "Deployment", "dagster-webserver");
    var daemon = object(plan, "Deployment", "dagster-daemon");
    var container = "/spec/template/spec/containers/0";
    assertThat(webserver.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(webserver.at("/metadata/annotations").has("floe.dev/yields")).isFalse();
    assertThat(daemon.at("/metadata/annotations").has("floe.dev/yields")).isTrue();
    assertThat(webserver.at(container + "/resources/requests/cpu").asText()).isEqualTo("2");
    assertThat(daemon.at(container + "/resources/requests/cpu").asText()).isEqualTo("50m");
    assertThat(webserver.at(container + "/env").toString())
        .contains("{\"name\":\"A\",\"value\":\"all\"}", "{\"name\":\"B\",\"value\":\"alone\"}");
    assertThat(daemon.at(container + "/env").toString())
        .contains("{\"name\":\"B\",\"value\":\"all\"}");
    assertThatThrownBy(() -> plan(manifest(manifest.formatted("webserver")), "kubernetes"))
        .hasMessageContaining("dagster has no workload of this name; it has dagster-");
  }

  @Test
  void objectsMayBeMadeForEachDomain() {
    // Given
    var files =
        Map.of(
            "lake/blueprint.yaml",
            """
            blueprint: floe.dev/v1
            system: lake
            version: "1"
            kinds: [catalog]
            kubernetes: {objects: [{file: map.yaml, forEach: domains}]}
            """,
            "lake/kubernetes/map.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: "lake-${item.name}"}
            data: {namespace: "${item.namespace}"}
            """);
    var library = BlueprintLibrary.load(BlueprintFolder.of(files));
    var text = "plugins: {catalog: {type: lake}}\ndomains: {stock: {namespace: goods}, sales: {}}";
    // When
    var objects = plan(manifest(text), "kubernetes", library).components().getFirst().objects();
    // Then
    assertThat(objects)
        .extracting(
            object -> object.at("/metadata/name").asText(),
            object -> object.at("/data/namespace").asText())
        .containsExactly(tuple("lake-sales", "sales"), tuple("lake-stock", "goods"));
  }

  private static final String WATCHER =
      """
      blueprint: floe.dev/v1
      system: watcher
      version: "1"
      kinds: [telemetry_backend]
      collects: {metrics: [name, address], dashboards: [name, text]}
      kubernetes:
        objects: [config.yaml, {file: dashboard.yaml, forEach: contributions.dashboards}]
      """;

  private static final String WATCHED =
      """
      blueprint: floe.dev/v1
      system: watched
      version: "1"
      kinds: [catalog]
      config:
        type: object
        properties: {watched: {type: boolean, default: true}}
      kubernetes:
        objects: [service.yaml]
        contributes:
          metrics:
            - $when: config.watched
              $do: {name: watched, address: "watched.${platform.namespace}:8080"}
          dashboards: [{name: watched, text: {$file: watched.json}}]
      """;

  private static Map<String, String> watched() {
    return new java.util.HashMap<>(
        Map.of(
            "watcher/blueprint.yaml",
            WATCHER,
            "watcher/kubernetes/config.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: watcher}
            data:
              targets:
                $yaml:
                  - $forEach: contributions.metrics
                    $do: {job: "${item.name}", target: "${item.address}", from: "${item.component}"}
            """,
            "watcher/kubernetes/dashboard.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: "dashboard-${item.name}"}
            data: {dashboard.json: "${item.text}"}
            """,
            "watched/blueprint.yaml",
            WATCHED,
            "watched/watched.json",
            "{\"title\": \"${instance}\"}",
            "watched/kubernetes/service.yaml",
            "{apiVersion: v1, kind: Service, metadata: {name: watched}, spec: {ports: [{port: 80}]}}"));
  }

  @Test
  void aComponentCollectsWhatOthersContribute() {
    // Given: the watcher comes first and requires nobody
    var own = BlueprintLibrary.load(BlueprintFolder.of(watched()));
    var plugins = "plugins: {telemetry_backend: {type: watcher}, catalog: {type: watched%s}}";
    // When
    var objects =
        plan(manifest(plugins.formatted("")), "kubernetes", own).components().getFirst().objects();
    // Then
    assertThat(objects.getFirst().at("/data/targets").asText())
        .isEqualTo("- job: watched\n  target: watched.floe-p:8080\n  from: watched\n");
    assertThat(objects.get(1).at("/metadata/name").asText()).isEqualTo("dashboard-watched");
    assertThat(objects.get(1).path("data").path("dashboard.json").asText())
        .isEqualTo("{\"title\": \"${instance}\"}");
    // When: it contributes less, or is not there
    var less =
        plan(manifest(plugins.formatted(", config: {watched: false}")), "kubernetes", own)
            .components()
            .getFirst()
            .objects();
    var alone =
        plan(manifest("plugins: {telemetry_backend: {type: watcher}}"), "kubernetes", own)
            .components()
            .getFirst()
            .objects();
    // Then
    assertThat(less.getFirst().at("/data/targets").asText().strip()).isEqualTo("[]");
    assertThat(alone).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "watched/blueprint.yaml|metrics:|metricz:|no blueprint collects metricz",
        "watched/blueprint.yaml|{name: watched, address|{nam: watched, address|unknown key 'nam'; did you mean 'name'?",
        "watched/blueprint.yaml|{name: watched, address|{address|the key 'name' is missing",
        "watched/blueprint.yaml|{$file: watched.json}|{$file: watcher.json}|there is no file watched/watcher.json",
        "watched/blueprint.yaml|${platform.namespace}|${platform.space}|${platform.space} refers to nothing",
        "watcher/kubernetes/config.yaml|item.address|item.adress|${item.adress} refers to nothing; did you mean 'address'?",
        "watcher/kubernetes/config.yaml|contributions.metrics|contributions.alerts|${contributions.alerts} refers to nothing",
      })
  void aWrongContributionIsNamed(String file, String from, String to, String words) {
    // Given
    var files = watched();
    assertThat(files.getOrDefault(file, "")).contains(from);
    files.computeIfPresent(file, (name, text) -> text.replace(from, to));
    // Then
    assertThat(BlueprintLibrary.problems(BlueprintFolder.of(files)))
        .anyMatch(one -> one.words().startsWith(file + ":") && one.words().contains(words));
  }

  /** Where no check of the blueprint sees it: in a condition, under a key that is a placeholder. */
  @Test
  void secretsOfOthersAreNotReadByABlueprintOfAnOperatorsOwn() {
    // Given
    var blueprint =
        """
        blueprint: floe.dev/v1
        system: spy
        version: "1"
        kinds: [telemetry_backend]
        config: {type: object, properties: {key: {type: string, default: secretKeyRef}}}
        kubernetes: {objects: [pod.yaml]}
        """;
    var pod =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: spy}
        spec:
          template:
            spec:
              containers:
                - name: main
                  env:
                    - $when: config.key
                      $do: {name: A, valueFrom: {"${config.key}": {name: postgresql-admin, key: k}}}
        """;
    var own =
        BlueprintLibrary.load(
            BlueprintFolder.of(
                Map.of("spy/blueprint.yaml", blueprint, "spy/kubernetes/pod.yaml", pod)));
    // Then
    assertThatThrownBy(
            () -> plan(manifest("plugins: {telemetry_backend: {type: spy}}"), "kubernetes", own))
        .hasMessageContaining("reads the Secret postgresql-admin");
  }

  /** Selectors cannot be changed later. */
  @Test
  void selectorsCarryTheNameOfTheComponent() throws IOException {
    var plan = plan(Files.readString(EXAMPLE), "kubernetes");
    for (var component : plan.components()) {
      for (var object : component.objects()) {
        var label = "/" + Labels.PLATFORM_COMPONENT.replace("/", "~1");
        switch (object.path("kind").asText()) {
          case "Deployment", "StatefulSet" -> {
            var selected = object.at("/spec/selector/matchLabels" + label);
            assertThat(selected.asText()).isEqualTo(component.name());
            assertThat(object.at("/spec/template/metadata/labels" + label)).isEqualTo(selected);
          }
          case "Service" ->
              assertThat(object.at("/spec/selector" + label).asText()).isEqualTo(component.name());
          default -> {}
        }
      }
    }
  }

  @Test
  void anotherCodeLocationReplacesNoPodsButThoseThatReadTheListOfThem() {
    // Given
    var location = "{name: %s, module: m, image: i:1}";
    var manifest = "plugins: {orchestrator: {type: dagster, config: {codeLocations: [%s]}}}";
    // When
    var before = plan(manifest(manifest.formatted(location.formatted("a"))), "kubernetes");
    var after =
        plan(
            manifest(manifest.formatted(location.formatted("a") + ", " + location.formatted("b"))),
            "kubernetes");
    // Then
    assertThat(template(after, "postgresql")).isEqualTo(template(before, "postgresql"));
    assertThat(template(after, "dagster-webserver"))
        .isNotEqualTo(template(before, "dagster-webserver"));
    assertThat(template(after, "dagster-code-a")).isEqualTo(template(before, "dagster-code-a"));
  }

  private static JsonNode template(Plan plan, String workload) {
    return plan.components().stream()
        .flatMap(component -> component.objects().stream())
        .filter(object -> object.path("metadata").path("name").asText().equals(workload))
        .map(object -> object.path("spec").path("template"))
        .filter(template -> !template.isMissingNode())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatAComponentNeedsComesAlongBeforeIt() {
    // When
    var plan = plan(manifest("plugins: {orchestrator: {type: dagster}}"), "kubernetes");
    // Then
    assertThat(plan.components())
        .extracting(PlannedComponent::name, PlannedComponent::kind, PlannedComponent::after)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("postgresql", "support", List.of()),
            org.assertj.core.groups.Tuple.tuple("dagster", "orchestrator", List.of("postgresql")));
  }

  @Test
  void whatAComponentNeedsCannotBeLeftOut() {
    assertThatThrownBy(() ->
            plan(
                manifest(
                    """
                    plugins: {orchestrator: {type: dagster}}
                    services: {postgresql: {enabled: false}}
                    """),
                "kubernetes"))
        .isInstanceOf(FloeException.class)
        .hasMessageContaining("dagster needs postgresql");
  }

  @Test
  void servicesChangeWhatIsRun() {
    // When
    var plan =
        plan(
            manifest(
                """
                plugins: {orchestrator: {type: dagster}}
                resource_presets: {small: {cpu_request: 1m, memory_limit: 2Gi}}
                services:
                  dagster:
                    replicas: 3
                    preset: small
                    image: example.com/dagster:9
                    env: {A: b, S: {secretRef: {name: n, key: k}}}
                """),
            "kubernetes");
    // Then
    var webserver = object(plan, "Deployment", "dagster-webserver");
    assertThat(webserver.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(object(plan, "Deployment", "dagster-daemon").at("/spec/replicas").asInt())
        .isEqualTo(1);
    var container = webserver.at("/spec/template/spec/containers/0");
    assertThat(container.at("/image").asText()).isEqualTo("example.com/dagster:9");
    assertThat(container.at("/resources/requests/cpu").asText()).isEqualTo("1m");
    assertThat(container.at("/resources/requests/memory").asText()).isEqualTo("256Mi");
    assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("2Gi");
    assertThat(container.path("env").findValuesAsText("name")).contains("A", "S");
    assertThat(container.path("env").toString())
        .contains("{\"secretKeyRef\":{\"name\":\"n\",\"key\":\"k\"}}");
  }

  @Test
  void changedConfigurationReplacesThePodsThatReadIt() {
    // When
    var before = plan(manifest("plugins: {orchestrator: {type: dagster}}"), "kubernetes");
    var after =
        plan(
            manifest(
                "plugins: {orchestrator: {type: dagster, config: {codeLocations: [{name: a, module: b, image: c}]}}}"),
            "kubernetes");
    // Then
    var hash = "/spec/template/metadata/annotations/floe.dev~1config-hash";
    assertThat(object(after, "Deployment", "dagster-daemon").at(hash))
        .isNotEqualTo(object(before, "Deployment", "dagster-daemon").at(hash));
    assertThat(object(after, "StatefulSet", "postgresql").at(hash))
        .isEqualTo(object(before, "StatefulSet", "postgresql").at(hash));
  }

  @Test
  void aRegistryNamesWhereImagesComeFrom() {
    var plan =
        plan(
            manifest(
                """
                plugins: {compute: {type: postgresql}}
                artifacts: {registry: {uri: "oci://registry.example.com/floe/"}}
                """),
            "kubernetes");
    assertThat(
            object(plan, "StatefulSet", "postgresql")
                .at("/spec/template/spec/containers/0/image")
                .asText())
        .isEqualTo("registry.example.com/floe/postgresql:15");
  }

  private static String manifest(String rest) {
    return "apiVersion: floe.dev/v1\nkind: Manifest\nmetadata: {name: p, version: 1.0.0}\n" + rest;
  }

  private static JsonNode object(Plan plan, String kind, String name) {
    return plan.components().stream()
        .flatMap(component -> component.objects().stream())
        .filter(object ->
            object.path("kind").asText().equals(kind)
                && object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Plan plan(String manifest, String runtime) {
    return plan(manifest, runtime, library);
  }

  private static Plan plan(String manifest, String runtime, BlueprintLibrary library) {
    var facts = JsonNodeFactory.instance.objectNode();
    facts
        .putObject("suite")
        .put("namespace", "floe")
        .put("jobLauncherUrl", "http://job-launcher:8080")
        .put("otlpEndpoint", "http://telemetry-gateway:4318");
    facts
        .putObject("local")
        .put("home", "/home/me/.floe/platforms/weather")
        .put("tokenFile", "/home/me/.floe/token");
    var ports = new HashMap<String, Integer>();
    var settings =
        new PlanSettings(
            runtime,
            "floe.local",
            null,
            facts,
            SERVED::contains,
            (component, name) ->
                ports.computeIfAbsent(component + "/" + name, key -> 40_000 + ports.size()));
    return new Planner(library, settings).plan(new ManifestParser(library, false).parse(manifest));
  }

  /** One file for each object, and one for the rest of the plan. */
  private static void assertGolden(Plan plan) throws IOException {
    var folder = "golden/%s/%s/".formatted(plan.platform(), plan.runtime());
    for (var component : plan.components()) {
      for (var object : component.objects()) {
        Golden.assertMatches(
            YamlWriter.write(object),
            folder
                + "%s/%s-%s.yaml"
                    .formatted(
                        component.name(),
                        object.path("kind").asText().toLowerCase(java.util.Locale.ROOT),
                        object.at("/metadata/name").asText()));
      }
    }
    var rest = JSON.readTree(PlanText.write(plan));
    rest.path("components")
        .forEach(one -> ((com.fasterxml.jackson.databind.node.ObjectNode) one).remove("objects"));
    Golden.assertMatches(YamlWriter.write(rest), folder + "plan.yaml");
  }
}
