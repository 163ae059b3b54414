package dev.floe.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.floe.contract.schema.DocumentSchema;
import dev.floe.test.Golden;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema of runs has the constraints that requests are validated by. */
class RunSchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(
              DocumentSchema.RUN.text(),
              SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());

  private static final String MINIMAL =
      """
      platform: weather
      domain: sales
      product: orders
      kind: custom
      image: a/b:1
      """;

  @Test
  void publishedSchemaIsThatOfTheRequest() throws JsonProcessingException {
    var printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));
    Golden.assertMatches(
        new ObjectMapper().writer(printer).writeValueAsString(RunSchema.schema()) + "\n",
        "../../../../contract/src/main/resources/dev/floe/contract/schema/run.schema.json");
  }

  @Test
  void exampleRunsFit() throws IOException {
    try (var files = Files.list(Path.of("../examples/weather/runs"))) {
      var all = files.toList();
      assertThat(all).hasSizeGreaterThan(2);
      for (var file : all) {
        assertThat(errors(Files.readString(file))).as(file.toString()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pipeline: ",
        "args: [a, 1]",
        "env: {A: b, C: 1}",
        "timeout: PT10M",
        "priority: -1000",
        "labels: {a: ''}",
        "resources: {cpu: 500m, memory: 1.5Gi}",
        "retryPolicy: {maxAttempts: {APPLICATION: 3}, rules: [{exitCodes: [137], action: RETRY_WITH_MEMORY, memoryFactor: 2}]}",
        "secretRefs: [{name: A, secret: s, key: k}]",
      })
  void whatIsTakenFits(String more) {
    assertThat(errors(MINIMAL + more)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pipelin: a",
        "args: a",
        "args: [true]",
        "env: {A: [b]}",
        "timeout: 10m",
        "priority: 1001",
        "labels: {a: 'b c'}",
        "resources: {cpu: lots}",
        "retryPolicy: {maxAttempts: {APPLICATION: 21}}",
        "retryPolicy: {maxAttempts: {APPLICATON: 1}}",
        "retryPolicy: {backoff: {multiplier: 0.5}}",
        "retryPolicy: {rules: [{exitCodes: [1]}]}",
        "secretRefs: [{name: A, secret: s}]",
      })
  void whatIsRefusedDoesNotFit(String more) {
    assertThat(errors(MINIMAL + more)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"platform", "domain", "product", "kind", "image"})
  void whatIsRequiredMayNotBeMissing(String key) {
    assertThat(errors(MINIMAL.replaceAll("(?m)^" + key + ":.*\n", ""))).isNotEmpty();
  }

  private static List<String> errors(String yaml) {
    try {
      return SCHEMA.validate(YamlReader.of(YamlLimits.USUAL).read(yaml).root()).stream()
          .map(message -> message.getInstanceLocation() + ": " + message.getMessage())
          .toList();
    } catch (dev.floe.yaml.YamlException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
