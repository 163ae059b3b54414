package dev.floe.platform.blueprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.floe.contract.platform.BlueprintProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlueprintLibraryTest {
  private static final String BLUEPRINT =
      """
      blueprint: floe.dev/v1
      system: cache
      version: "8"
      kinds: [storage]
      requires: [postgresql, "telemetry?"]
      images: {main: "valkey:8"}
      config:
        type: object
        required: [size]
        properties:
          size: {type: string, format: quantity}
          eviction: {type: string, enum: [lru, lfu], default: lru}
          password: {type: string, format: secret}
          users:
            type: array
            items: {type: object, required: [name], properties: {name: {type: string, format: label}}}
      kubernetes:
        objects:
          - service.yaml
          - {file: user.yaml, forEach: config.users, when: config.eviction}
        exports: {host: "${component.name}"}
      """;

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: "${component.name}"}
      spec:
        size: ${config.size}
        eviction: ${config.eviction}
        database: ${requires.postgresql.host}
        password: ${config.password.secretRef.name?}
        ports:
          - $when: requires.telemetry
            $do: {to: "${requires.telemetry.endpoint}"}
      """;

  private static final String USER =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: "${component.name}-${item.name}"}
      """;

  private static Map<String, String> files() {
    return new TreeMap<>(
        Map.of(
            "cache/blueprint.yaml", BLUEPRINT,
            "cache/kubernetes/service.yaml", SERVICE,
            "cache/kubernetes/user.yaml", USER));
  }

  private static List<String> problems(Map<String, String> files) {
    return BlueprintLibrary.problems(BlueprintFolder.of(files)).stream()
        .map(BlueprintProblem::words)
        .toList();
  }

  @Test
  void blueprintsThatFloeComesWithHoldTogether() {
    assertThat(BlueprintLibrary.problems(BlueprintFolder.none())).isEmpty();
  }

  @Test
  void oneOfAnOperatorsOwnIsDeployedLikeOthers() {
    assertThat(problems(files())).isEmpty();
    var library = BlueprintLibrary.load(BlueprintFolder.of(files()));
    assertThat(library.systems("storage")).contains("cache");
    assertThat(library.isOwn("cache")).isTrue();
    assertThat(library.isOwn("dagster")).isFalse();
  }

  @Test
  void theExampleHoldsTogether() {
    var folder = BlueprintFolder.read(Path.of("../examples/blueprints"));
    assertThat(BlueprintLibrary.problems(folder)).isEmpty();
    assertThat(BlueprintLibrary.load(folder).systems("telemetry_backend")).contains("jaeger");
  }

  /** What is replaced in the blueprint, by what, and what is said then. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "floe.dev/v1|floe.dev/v2|1:12: must be floe.dev/v1",
        "system: cache|system: other|2:9: must be cache",
        "version: \"8\"|version: 8|3:10: the version of the system is missing: text, in quotes",
        "kinds:|kind:|4:1: unknown key 'kind'; did you mean 'kinds'?",
        "kinds: [storage]|kinds: [storag]|4:9: unknown kind 'storag'; did you mean 'storage'?",
        "kinds: [storage]|kinds: []|1:1: nothing can ask for it",
        "[postgresql, |[oracle, |5:12: nothing provides oracle",
        "format: quantity|format: size|11:34: format must be one of image, label, quantity, secret",
        "type: string, enum|typ: string, enum|12:5: type must be one of array, boolean, integer, object, string",
        "enum: [lru, lfu]|enums: [lru]|12:30: unknown key 'enums'; did you mean 'enum'?",
        "required: [size]|required: [sizes]|9:13: 'sizes' is no key of the properties",
        "service.yaml|servce.yaml|19:7: there is no file cache/kubernetes/servce.yaml",
        "forEach: config.users|forEach: config.user|20:34: ${config.user} refers to nothing; did you mean 'users'?",
        "forEach: config.users|forEach: config.size|20:34: config.size is no list",
        "when: config.eviction|when: config.evicton|20:54: ${config.evicton} refers to nothing",
        "when: config.eviction|if: config.eviction|20:48: unknown key 'if'",
        "when: config.eviction|ifKind: ServiceMonitor|20:56: must be group/version/Kind",
        "host: \"${component.name}\"|host: \"${component.nam}\"|21:19: ${component.nam} refers to nothing; did you mean 'name'?",
      })
  void aWrongBlueprintIsNamedWithItsPlace(String from, String to, String words) {
    // Given
    var files = files();
    assertThat(BLUEPRINT).contains(from);
    files.put("cache/blueprint.yaml", BLUEPRINT.replace(from, to));
    // Then
    assertThat(problems(files)).anyMatch(one -> one.startsWith("cache/blueprint.yaml:" + words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${config.size}|${config.sizes}|5:9: ${config.sizes} refers to nothing; did you mean 'size'?",
        "${config.size}|${config.size.of}|5:9: ${config.size.of}: config.size has nothing below it",
        "${config.size}|x${config}|5:9: ${config} is a list or a mapping and stands inside text",
        "${config.size}|${config.users.name}|5:9: ${config.users.name}: config.users is a list; use $forEach and item",
        "${config.password.secretRef.name?}|${config.password.secretRef.name}|8:13: config.password may be absent",
        "${requires.postgresql.host}|${requires.postgresql.hst}|7:13: ${requires.postgresql.hst} refers to nothing; did you mean 'host'?",
        "$when: requires.telemetry|$when: config.eviction|11:17: requires.telemetry may be absent",
        "${config.eviction}|${local.home}|6:13: ${local.home} refers to nothing",
        "kind: Service|kind: ClusterRole|2:7: a blueprint of your own may not make a ClusterRole",
        "kind: Service|kind: Secret|2:7: a blueprint of your own may not make a Secret",
        "name: \"${component.name}\"|name: a, namespace: kube-system|3:32: leave it out",
        "size: ${config.size}|size: [|6:14: cannot be read as YAML",
      })
  void aWrongObjectIsNamedWithItsPlace(String from, String to, String words) {
    // Given
    var files = files();
    assertThat(SERVICE).contains(from);
    files.put("cache/kubernetes/service.yaml", SERVICE.replace(from, to));
    // Then
    assertThat(problems(files))
        .anyMatch(one -> one.startsWith("cache/kubernetes/service.yaml:" + words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "restartPolicy: Never|restartPolicy: Always|4:41: restartPolicy of a Job must be Never or OnFailure",
        "restartPolicy: Never, |''|4:19: restartPolicy of a Job must be Never or OnFailure",
        "spec: {|spec: {ttlSecondsAfterFinished: 60, |4:33: leave it out: a Job that is gone would run again",
        "name: schema|name: a23456789a123456789b123456789c123456789d123456789e12345|3:18: the name of a Job may have 54 characters",
        "batch/v1|batch/v1beta1|1:13: must be batch/v1",
        "containers: []|volumes: [{name: a, secret: {secretName: postgresql-admin}}], containers: []|4:25: a blueprint of your own may read",
      })
  void aWrongJobIsNamedWithItsPlace(String from, String to, String words) {
    // Given
    var job =
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: schema}
        spec: {template: {spec: {restartPolicy: Never, containers: []}}}
        """;
    var files = files();
    files.put("cache/kubernetes/service.yaml", job);
    assertThat(problems(files)).isEmpty();
    assertThat(job).contains(from);
    // When
    files.put("cache/kubernetes/service.yaml", job.replace(from, to));
    // Then
    assertThat(problems(files))
        .anyMatch(one -> one.startsWith("cache/kubernetes/service.yaml:" + words));
  }

  @ParameterizedTest
  @CsvSource({
    "cache:8, true",
    "bitnami/valkey:8.0.1-debian, true",
    "cache:8@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, true",
    "cache, false",
    "cache:8@sha256:ab, false",
    "https://cache:8, false"
  })
  void anImageHasATagAndPerhapsADigest(String image, boolean right) {
    // Given
    var files = files();
    var text = BLUEPRINT.replaceFirst("images: .*", "images: {main: '%s'}".formatted(image));
    files.put("cache/blueprint.yaml", text);
    // Then
    if (right) {
      assertThat(problems(files)).isEmpty();
    } else {
      assertThat(problems(files))
          .containsExactly(
              "cache/blueprint.yaml:6:16: must be repository:tag, after it @sha256: and the digest where it is pinned");
    }
  }

  @Test
  void aFileIsTakenInAsItIs() {
    // Given: a dashboard has placeholders of its own
    var dashboard = "{\"datasource\": \"${source}\", \"price\": \"$${config.size} $5\"}\n";
    var object =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: dashboards}
        data:
          cache.json: {$file: dashboards/cache.json}
        """;
    var files = files();
    files.put("cache/kubernetes/service.yaml", object);
    files.put("cache/dashboards/cache.json", dashboard);
    assertThat(problems(files)).isEmpty();
    // When
    var read =
        BlueprintLibrary.load(BlueprintFolder.of(files))
            .find("cache")
            .orElseThrow()
            .runtime("kubernetes")
            .objects()
            .getFirst()
            .tree();
    // Then
    var filled = TreeTemplate.fill(read, JsonNodeFactory.instance.objectNode());
    assertThat(filled.path("data").path("cache.json").asText()).isEqualTo(dashboard);
    // When
    for (var name : List.of("dashboards/other.json", "../cache/blueprint.yaml", "/etc/passwd")) {
      files.put("cache/kubernetes/service.yaml", object.replace("dashboards/cache.json", name));
      assertThat(problems(files))
          .anyMatch(
              one -> one.startsWith("cache/kubernetes/service.yaml:5:23: there is no file cache/"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: id}|''",
        "{key: di}|is no other value of the Secret that stands alone",
        "{key: url}|is no other value of the Secret that stands alone",
        "[id]|must be text, or {key: KEY}",
        "\"${config.sizes}\"|${config.sizes} refers to nothing; did you mean 'size'?",
      })
  void aComposedValueIsMadeOfValuesThatThereAre(String part, String words) {
    // Given
    var files = files();
    files.put(
        "cache/blueprint.yaml",
        BLUEPRINT
            + "secrets: [{name: made, keys: {id: {generate: 8}, url: {compose: ['x:', %s]}}}]\n"
                .formatted(part));
    // Then
    if (words.isEmpty()) {
      assertThat(problems(files)).isEmpty();
    } else {
      assertThat(problems(files))
          .anyMatch(one -> one.startsWith("cache/blueprint.yaml:22:") && one.contains(words));
    }
  }

  @Test
  void itemsAreKnownInsideALoopAlone() {
    // Given
    var files = files();
    files.put("cache/kubernetes/user.yaml", USER.replace("item.name", "item.nam"));
    files.put("cache/kubernetes/service.yaml", SERVICE.replace("${config.size}", "${item.name}"));
    // Then
    assertThat(problems(files))
        .anyMatch(one -> one.contains("user.yaml:3:18: ${item.nam} refers to nothing"))
        .anyMatch(one -> one.contains("service.yaml:5:9: ${item.name} refers to nothing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{namespace: kube-system, name: floe-token}",
        "{namespace: '${suite.namespace}', name: floe-database}",
        "{namespace: '${platform.namespace}', name: other}",
      })
  void secretsOfOthersAreNotCopied(String from) {
    var files = files();
    files.put(
        "cache/blueprint.yaml", BLUEPRINT + "secrets: [{name: s, from: %s}]\n".formatted(from));
    assertThat(problems(files))
        .anyMatch(one -> one.contains("may copy floe-telemetry, floe-token"));
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql-admin, false",
    "${component.name}-own, true",
    "${requires.postgresql.adminSecret}, true",
    "${platform.name}-other, false",
  })
  void podsAndJobsReadNoSecretsOfOthers(String secret, boolean allowed) {
    // Given
    var files = files();
    files.put(
        "cache/blueprint.yaml",
        BLUEPRINT
            + """
              bindings:
                - {name: b, env: [{name: A, secretRef: {name: "SECRET", key: k}}]}
            secrets: [{name: "${component.name}-own", keys: {k: {generate: 12}}}]
            """
                .replace("SECRET", secret));
    files.put(
        "cache/kubernetes/service.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "${component.name}"}
        spec:
          template:
            spec:
              containers:
                - name: main
                  env: [{name: A, valueFrom: {secretKeyRef: {name: "SECRET", key: k}}}]
        """
            .replace("SECRET", secret));
    // Then
    if (allowed) {
      assertThat(problems(files)).isEmpty();
    } else {
      assertThat(problems(files))
          .hasSize(2)
          .allMatch(one -> one.contains("may read the Secrets that it describes"));
    }
  }

  @Test
  void whatFloeComesWithIsNotReplaced() {
    var files = new TreeMap<String, String>();
    files().forEach((path, text) -> files.put(path.replace("cache/", "dagster/"), text));
    assertThat(problems(files))
        .singleElement()
        .asString()
        .contains("floe comes with a blueprint of this name");
  }

  @Test
  void everythingIsSaidAtOnceAndTheLibraryIsNotLoaded() {
    var files = files();
    files.put(
        "cache/blueprint.yaml", BLUEPRINT.replace("quantity", "size").replace("kinds", "kind"));
    files.put("cache/kubernetes/user.yaml", USER.replace("item.name", "item.nam"));
    var found = new ArrayList<>(problems(files));
    assertThat(found).hasSizeGreaterThanOrEqualTo(3);
    assertThatThrownBy(() -> BlueprintLibrary.load(BlueprintFolder.of(files)))
        .isInstanceOfSatisfying(
            BlueprintException.class, e -> assertThat(e.problems()).hasSameSizeAs(found));
  }

  static List<Map<String, String>> foldersThatAreRefused() {
    var many = new TreeMap<String, String>();
    for (int i = 0; i <= BlueprintFolder.FILES_MAX; i++) {
      many.put("cache/f%d.yaml".formatted(i), "");
    }
    return List.of(
        many,
        Map.of("cache/blueprint.yaml", "x".repeat(BlueprintFolder.BYTES_MAX + 1)),
        Map.of("../cache/blueprint.yaml", ""),
        Map.of("/etc/passwd", ""),
        Map.of("cache/\0", ""),
        Map.of("cache/.hidden", ""),
        Map.of("blueprint.yaml", ""),
        Map.of("cache/../../x", ""));
  }

  @ParameterizedTest
  @MethodSource("foldersThatAreRefused")
  void aFolderHasLimits(Map<String, String> files) {
    assertThatThrownBy(() -> BlueprintFolder.of(files)).isInstanceOf(BlueprintException.class);
  }

  @Test
  void aFolderThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> BlueprintFolder.read(Path.of("/nonexistent/blueprints")))
        .hasMessage("there is no folder /nonexistent/blueprints");
  }
}
