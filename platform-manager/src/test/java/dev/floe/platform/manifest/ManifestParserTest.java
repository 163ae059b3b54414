package dev.floe.platform.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.test.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParserTest {
  private static final String MINIMAL =
      """
      apiVersion: floe.dev/v1
      kind: Manifest
      metadata: {name: weather, version: 1.0.0}
      plugins: {}
      """;

  private final ManifestParser parser = new ManifestParser(BlueprintLibrary.load(), false);

  @Test
  void everyErrorIsNamedAtOnceWithItsPlace() throws IOException {
    // When
    var errors = errors(Files.readString(Path.of("src/test/resources/manifests/wrong.yaml")));
    // Then
    Golden.assertMatches(shown(errors), "manifests/wrong.txt");
  }

  @Test
  void aManifestOfTheOriginalProjectIsTakenAndItsUnusedSectionsAreReported() throws IOException {
    // When
    var parsed =
        parser.parse(Files.readString(Path.of("src/test/resources/manifests/original.yaml")));
    // Then
    assertThat(parsed.tree().has("governance")).isTrue();
    assertThat(parsed.manifest().plugins()).containsKeys("orchestrator", "catalog");
    Golden.assertMatches(shown(parsed.warnings()), "manifests/original.txt");
  }

  @Test
  void jsonIsTakenToo() {
    // When
    var parsed =
        parser.parse(
            """
            {"apiVersion":"floe.dev/v1","kind":"Manifest",
             "metadata":{"name":"weather","version":"1.0.0"},"plugins":{}}
            """);
    // Then
    assertThat(parsed.manifest().metadata().name()).isEqualTo("weather");
  }

  @Test
  void aRepeatedKeyIsAnError() {
    // When
    var errors = errors(MINIMAL + "domains:\n  a: {}\n  a: {}\n");
    // Then
    assertThat(errors)
        .containsExactly(
            new FieldError("/domains/a", "the key is here twice; the first is on line 6", 7, 3));
  }

  @Test
  void aliasesThatMultiplyAreRefused() {
    // Given
    var bomb =
        new StringBuilder(MINIMAL).append("defaults:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("  a%d: &a%d [".formatted(i, i));
      bomb.append(("*a" + (i - 1) + ", ").repeat(9)).append("]\n");
    }
    // When
    var errors = errors(bomb.toString());
    // Then
    assertThat(errors).singleElement().extracting(FieldError::message).asString().contains("alias");
  }

  @Test
  void nestingHasALimit() {
    assertThat(errors(MINIMAL + "defaults: " + "[".repeat(5000) + "]".repeat(5000)))
        .singleElement()
        .extracting(FieldError::message)
        .asString()
        .contains("nested deeper");
  }

  @Test
  void whatIsNoYamlIsSaidWithItsLine() {
    // When
    var errors = errors("apiVersion: floe.dev/v1\nkind: [unclosed\n");
    // Then
    assertThat(errors).singleElement().satisfies(error -> assertThat(error.line()).isNotNull());
  }

  @Test
  void aSecretIsRefusedOutsideLocalAndDev() {
    assertThat(errors(MINIMAL.replace("plugins: {}", SECRET)))
        .singleElement()
        .satisfies(error -> {
          assertThat(error.pointer()).isEqualTo("/plugins/catalog/config/oauth2/client_secret");
          assertThat(error.message()).contains("secretRef").doesNotContain("s3cr3t");
        });
  }

  @Test
  void aSecretIsTakenOutWhereItMayStand() {
    // When
    var parsed =
        new ManifestParser(BlueprintLibrary.load(), true)
            .parse(MINIMAL.replace("plugins: {}", SECRET));
    // Then
    assertThat(parsed.tree().toString()).doesNotContain("s3cr3t");
    assertThat(parsed.toString()).doesNotContain("s3cr3t");
    assertThat(parsed.secrets())
        .singleElement()
        .extracting(InlineSecret::value)
        .isEqualTo("s3cr3t");
    assertThat(parsed.warnings())
        .anySatisfy(w -> assertThat(w.message()).contains("inline-catalog"));
  }

  @Test
  void aSecretAnywhereIsRefusedOutsideLocalAndDev() {
    // Given
    var text = HEAD + SecretCanaries.everywhere();
    // When
    var errors = errors(text);
    // Then
    assertThat(shown(errors)).satisfies(words -> assertThat(SecretCanaries.in(words)).isEmpty());
    assertThat(errors).hasSameSizeAs(SecretCanaries.in(text));
    assertThat(errors).allSatisfy(error -> assertThat(error.message()).contains("secretRef"));
  }

  @Test
  void aSecretAnywhereIsTakenOutWhereItMayStand() {
    // Given
    var text = HEAD + SecretCanaries.everywhere();
    // When
    var parsed = new ManifestParser(BlueprintLibrary.load(), true).parse(text);
    // Then
    assertThat(SecretCanaries.in(parsed.tree() + " " + parsed.manifest() + parsed)).isEmpty();
    assertThat(parsed.secrets().stream().flatMap(s -> SecretCanaries.in(s.value()).stream()))
        .containsExactlyInAnyOrderElementsOf(SecretCanaries.in(text));
    assertThat(parsed.secrets().stream().map(s -> s.secret() + "/" + s.key()))
        .doesNotHaveDuplicates();
    assertThat(parsed.tree().at("/services/postgresql/env/PGPASS/secretRef/name").asText())
        .isEqualTo("inline-postgresql");
    assertThat(parsed.tree().at("/artifacts/registry/auth/username").asText()).isEqualTo("u");
  }

  @Test
  void aSecretWhereNoReferenceCanStandIsRefusedEverywhereAndNotRepeated() {
    for (var section : SecretCanaries.nowhere()) {
      for (boolean inline : new boolean[] {true, false}) {
        var text = section.startsWith("metadata") ? NAMELESS + section : HEAD + section + "\n";
        if (!section.startsWith("plugins")) {
          text += "\nplugins: {}\n";
        }
        var manifest = text;
        var failure =
            catchThrowableOfType(
                FloeException.class,
                () -> new ManifestParser(BlueprintLibrary.load(), inline).parse(manifest));
        assertThat(failure).as(section).isNotNull();
        assertThat(SecretCanaries.in(failure.getMessage() + shown(failure.errors())))
            .as(section + shown(failure.errors()))
            .isEmpty();
      }
    }
  }

  @Test
  void referencesAndOtherHarmlessValuesPass() throws IOException {
    // Given
    var text =
        HEAD
            + """
            plugins:
              secrets: {type: vault, config: {address: "https://vault", token_ttl: 3600}}
              catalog:
                type: polaris
                connection_secret_ref: polaris-credentials
                config:
                  passwordKey: password
                  existingSecret: my-secret
                  credentials: {secretRef: {name: a, key: b}}
                  client_secret: {secretRef: {name: a, key: b}}
                  tokenSecret: {name: a, key: token}
                  token: ${FLOE_TOKEN}
                  dsn: "{{ env_var('DSN') }}"
                  url: postgresql://u:${PGPASSWORD}@h/db
                  max_tokens: 4096
                  imageCredentials: [{name: registry}]
                  storage: {headers: {X-Scope-OrgID: floe}, args: [--token, "${TOKEN}", --password, --x]}
                  query: select a.x from a, b where token = b.token
                  repository: https://floe-data-platform-team@dev.azure.com/org/repo
            governance:
              authorization: {roles: [admin], kind: rbac}
              credentials: {provider: aws, region: eu-west-1}
              secrets: {rotation_days: 30}
              access: {authorization: rbac}
              env: [{name: LANG, value: C}, {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: a, key: b}}}]
            services:
              postgresql: {env: {DB_PASSWORD: {secretRef: {name: a, key: b}}, LANG: C}}
            """;
    // Then
    assertThat(parser.parse(text).secrets()).isEmpty();
    assertThat(parser.parse(Files.readString(Path.of("../examples/weather/platform.yaml"))))
        .satisfies(weather -> {
          assertThat(weather.secrets()).isEmpty();
          assertThat(weather.warnings()).isEmpty();
        });
  }

  @Test
  void theSuggestionKeepsTheCharactersAsWritten() {
    assertThat(shown(errors(MINIMAL + "services: {dagster: {env: {A: 3.10, B: true, C: 12}}}\n")))
        .contains("/A 5:31 must be text: write it in quotes, \"3.10\"")
        .contains("/B 5:40 must be text: write it in quotes, \"true\"")
        .contains("/C 5:49 must be text: write it in quotes, \"12\"");
    assertThat(shown(errors(MINIMAL + "defaults: [0644, 1e3, 0x1F, +1]\n")))
        .contains("/defaults/0 5:12", "\"0644\"", "\"1e3\"", "\"0x1F\"", "\"+1\"");
  }

  @Test
  void aSettingWithoutValueIsNamed() {
    assertThat(errors(MINIMAL.replace("{}", "{compute: {type: postgresql, config: {storage: }}}")))
        .singleElement()
        .satisfies(error -> {
          assertThat(error.pointer()).isEqualTo("/plugins/compute/config/storage");
          assertThat(error.message()).contains("has no value");
          assertThat(error.line()).isEqualTo(4);
        });
    assertThat(parser.parse(MINIMAL.replace("{}", "{compute: {type: postgresql, config: }}")))
        .isNotNull();
  }

  @Test
  void aTextOfDeepKeysCostsLittle() {
    // Given
    var deep = new StringBuilder(MINIMAL).append("defaults: ");
    deep.append(("{" + "k".repeat(1000) + ": ").repeat(47));
    deep.append("[").append("1, ".repeat(45_000)).append("1]").append("}".repeat(47)).append("\n");
    // Then
    assertThat(errors(deep.toString()).getFirst().message()).contains("4000 characters together");
    // Given
    var shallow = new StringBuilder(MINIMAL).append("defaults: ");
    shallow.append(("{" + "k".repeat(1000) + ": ").repeat(3));
    shallow.append("[").append("1, ".repeat(45_000)).append("1]").append("}}}\n");
    // Then
    assertThat(parser.parse(shallow.toString()).warnings()).hasSize(1);
  }

  @Test
  void reportedErrorsAreBounded() {
    // Given
    var text = new StringBuilder(MINIMAL).append("services: {dagster: {env: {");
    for (int i = 0; i < 20_000; i++) {
      text.append("V%d: 1.5, ".formatted(i));
    }
    // When
    var errors = errors(text.append("}}}\n").toString());
    // Then
    assertThat(errors).hasSize(101);
    assertThat(errors.getLast().message()).isEqualTo("19900 more fields are wrong");
  }

  @Test
  void aListHasALimitAndNamesThatDiffer() {
    var location = "{name: %s, module: m, image: 'i:1'}, ";
    var manifest =
        MINIMAL.replace("{}", "{orchestrator: {type: dagster, config: {codeLocations: [%s]}}}");
    assertThat(errors(manifest.formatted(location.formatted("a").repeat(2))))
        .singleElement()
        .satisfies(error -> {
          assertThat(error.pointer())
              .isEqualTo("/plugins/orchestrator/config/codeLocations/1/name");
          assertThat(error.message()).contains("same as in item 0");
        });
    assertThat(errors(manifest.formatted(location.formatted("a").repeat(101))))
        .singleElement()
        .extracting(FieldError::message)
        .isEqualTo("has 101 items; the maximum is 100");
  }

  @Test
  void whatBearsOnNothingIsSaid() {
    // When
    var parsed =
        parser.parse(
            MINIMAL.replace(
                    "{}",
                    "{orchestrator: {type: dagster, version: 1.9.0, connection_secret_ref: x},"
                        + " compute: {type: postgresql, version: '15'}}")
                + "services: {postgresql: {replicas: 2}, telemetry: {env: {A: b}}, dagster: {replicas: 2}}\n");
    // Then
    assertThat(parsed.warnings().stream().map(FieldError::pointer))
        .containsExactlyInAnyOrder(
            "/plugins/orchestrator/version",
            "/plugins/orchestrator/connection_secret_ref",
            "/services/postgresql/replicas",
            "/services/telemetry");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env: [{name: DB_PASSWORD, value: hunter2}]",
        "env: [{key: DB_PASSWORD, value: {text: hunter2}}]",
        "values: \"db:\\n  password: hunter2\"",
        "values: '{\"password\":\"hunter2\"}'",
        "command: PGPASSWORD=hunter2 psql",
        "args: ['--password', hunter2]",
        "password: {name: hunter2}",
        "passwords: [{name: hunter2}]",
        "secret: {name: HUNTER2_hunter2}",
        "password: {name: a, key: {v: hunter2}}",
        "password: {name: a, key: 'Bearer hunter2hunter2'}",
        "max_password: hunter2",
        "url: postgresql://floe:hunter2/b@db/x",
        "authorization: Basic hunter2",
        "headers: {Authorization: hunter2}"
      })
  void aSecretInAnotherFormIsRefused(String governance) {
    assertThat(errors(MINIMAL + "governance:\n  " + governance + "\n"))
        .singleElement()
        .extracting(FieldError::message)
        .asString()
        .contains("secret")
        .doesNotContain("unter2");
    assertThat(
            new ManifestParser(BlueprintLibrary.load(), true)
                .parse(MINIMAL + "governance:\n  " + governance + "\n")
                .tree()
                .toString())
        .doesNotContain("unter2");
  }

  @Test
  void secretsAreCounted() {
    // Given
    var text = new StringBuilder(MINIMAL).append("governance:\n");
    for (int i = 0; i < 1_001; i++) {
      text.append("  password_%s: {\u00e9: x}\n".formatted("\u00e9".repeat(i)));
    }
    var many = text.toString();
    var development = new ManifestParser(BlueprintLibrary.load(), true);
    // Then
    assertThat(errors(many))
        .hasSize(101)
        .anySatisfy(error -> {
          assertThat(error.pointer()).startsWith("/governance/password_");
          assertThat(error.message()).contains("more than 100 secrets");
        });
    assertThat(catchThrowableOfType(FloeException.class, () -> development.parse(many)).errors())
        .singleElement()
        .extracting(FieldError::message)
        .asString()
        .contains("more than 1000 secrets");
    var fewer = many.substring(0, many.lastIndexOf("  password_"));
    assertThat(development.parse(fewer).secrets().stream().map(InlineSecret::key))
        .hasSize(1_000)
        .doesNotHaveDuplicates();
  }

  private static final String NAMELESS = "apiVersion: floe.dev/v1\nkind: Manifest\n";
  private static final String HEAD = NAMELESS + "metadata: {name: weather, version: 1.0.0}\n";

  private static final String SECRET =
      "plugins: {catalog: {type: polaris, config: {oauth2: {client_secret: s3cr3t, token_url: 'http://x'}}}}";

  private List<FieldError> errors(String text) {
    var failure = catchThrowableOfType(FloeException.class, () -> parser.parse(text));
    assertThat(failure).isNotNull();
    return failure.errors();
  }

  private static String shown(List<FieldError> errors) {
    return errors.stream()
        .map(e -> "%s %s:%s %s%n".formatted(e.pointer(), e.line(), e.column(), e.message()))
        .collect(Collectors.joining());
  }
}
