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
            new FieldError(
                "/domains/a", "the key stands here twice; the first is on line 6", 7, 3));
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
