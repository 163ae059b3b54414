package dev.floe.platform.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.floe.contract.schema.DocumentSchema;
import dev.floe.platform.manifest.ManifestSchema;
import dev.floe.yaml.YamlException;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema of blueprints has the keys and the values that the reader knows. */
class BlueprintSchemaTest {
  private static final String TEXT = DocumentSchema.BLUEPRINT.text();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(TEXT);

  private static final String BLUEPRINT =
      """
      blueprint: floe.dev/v1
      system: cache
      version: "8"
      kinds: [storage]
      config:
        type: object
        properties:
          size: {type: string, format: quantity}
          kept: {type: string, pattern: "^a$", x-floe-words: an a}
          old: {x-floe-unused: true}
      kubernetes:
        objects: [a.yaml, {file: b.yaml, when: config.size}]
      """;

  @ParameterizedTest
  @ValueSource(strings = {"dagster", "postgresql", "telemetry"})
  void blueprintsThatFloeComesWithFit(String system) {
    // their versions and images stand together in systems.yaml
    var own = BlueprintLibrary.resource(system + "/blueprint.yaml");
    assertThat(errors("version: \"1\"\n" + own)).isEmpty();
  }

  @Test
  void theExampleFits() throws IOException {
    var file = Path.of("../examples/blueprints/jaeger/blueprint.yaml");
    assertThat(errors(Files.readString(file))).isEmpty();
    assertThat(errors(BLUEPRINT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "floe.dev/v1|floe.dev/v2",
        "system: cache|system: Cache",
        "version: \"8\"|version: 8",
        "kinds: [storage]|kinds: [storag]",
        "kinds:|kind:",
        "type: object|type: mapping",
        "format: quantity|format: size",
        ", x-floe-words: an a|, maxLength: 1",
        "when: config.size|if: config.size",
        "objects:|object:",
      })
  void whatTheReaderRefusesDoesNotFit(String from, String to) {
    assertThat(BLUEPRINT).contains(from);
    assertThat(errors(BLUEPRINT.replace(from, to))).isNotEmpty();
  }

  @Test
  void keysAndKindsAreThoseOfTheReader() throws JsonProcessingException {
    var schema = new ObjectMapper().readTree(TEXT);
    assertThat(names(schema.path("properties"))).isEqualTo(new TreeSet<>(BlueprintReader.KEYS));
    assertThat(names(schema.at("/$defs/runtime/properties")))
        .isEqualTo(new TreeSet<>(BlueprintReader.RUNTIME_KEYS));
    assertThat(
            StreamSupport.stream(schema.at("/properties/kinds/items/enum").spliterator(), false)
                .map(JsonNode::asText))
        .containsExactlyInAnyOrderElementsOf(ManifestSchema.pluginKinds());
    var keywords = new TreeSet<String>();
    for (var type : List.of("object", "array", "string", "integer", "boolean")) {
      keywords.addAll(names(schema.at("/$defs/%s/properties".formatted(type))));
    }
    assertThat(keywords).containsExactlyElementsOf(ConfigSchema.keywords());
  }

  private static Set<String> names(JsonNode mapping) {
    var names = new TreeSet<String>();
    mapping.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> errors(String yaml) {
    try {
      return SCHEMA.validate(YamlReader.of(YamlLimits.USUAL).read(yaml).root()).stream()
          .map(message -> message.getInstanceLocation() + ": " + message.getMessage())
          .toList();
    } catch (YamlException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
