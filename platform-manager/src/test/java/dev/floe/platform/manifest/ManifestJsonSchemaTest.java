package dev.floe.platform.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.floe.contract.schema.DocumentSchema;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.test.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema takes and refuses what the parser takes and refuses. */
class ManifestJsonSchemaTest {
  private static final BlueprintLibrary LIBRARY = BlueprintLibrary.load();
  private static final ManifestParser PARSER = new ManifestParser(LIBRARY, false);
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(DocumentSchema.MANIFEST.text());

  private static final String HEAD =
      """
      apiVersion: floe.dev/v1
      kind: Manifest
      metadata: {name: weather, version: 1.0.0}
      """;

  @Test
  void publishedSchemaIsThatOfTheParser() throws JsonProcessingException {
    Golden.assertMatches(
        pretty(ManifestJsonSchema.of(LIBRARY)),
        "../../../../contract/src/main/resources/dev/floe/contract/schema/manifest.schema.json");
  }

  @Test
  void documentationIsThatOfTheSchema() throws JsonProcessingException {
    Golden.assertMatches(
        SchemaDocumentation.of(new ObjectMapper().readTree(DocumentSchema.MANIFEST.text())),
        "../../../../docs/manifest.md");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"src/test/resources/manifests/original.yaml", "../examples/weather/platform.yaml"})
  void manifestThatIsDeployedFits(String file) throws IOException {
    // Given
    var text = Files.readString(Path.of(file));
    PARSER.parse(text);
    // Then
    assertThat(errors(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plugins: {}",
        "plugins: {compute: }",
        "plugins: {compute: {type: postgresql}}",
        "plugins: {compute: {type: postgresql, config: }}",
        "plugins: {compute: {type: postgresql, config: {storage: 1Gi, storageClass: fast}}}",
        "plugins: {compute: {type: snowflake, config: {any: [thing, 1]}}}",
        "plugins: {quality: [anything]}",
        "plugins: {}\nservices: ",
        "plugins: {}\nservices: {dagster: }",
        "plugins: {}\nservices: {dagster: {replicas: 0, env: {A: b, B: {secretRef: {name: s, key: k}}}}}",
        "plugins: {}\ndomains: {sales: {namespace: }}",
        "plugins: {}\nresource_presets: {small: {cpu_request: 500m}}",
        "plugins: {}\ngovernance: {any: thing}",
        "plugins: {}\nartifacts: {registry: {uri: oci://r.example.com/floe, tls_verify: true}}",
      })
  void whatTheParserTakesFits(String rest) {
    // Given
    PARSER.parse(HEAD + rest);
    // Then
    assertThat(errors(HEAD + rest)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plugin: {}",
        "plugins: []",
        "plugins: {}\nkind: Other",
        "plugins: {computee: {type: postgresql}}",
        "plugins: {compute: {}}",
        "plugins: {compute: {type: oracle}}",
        "plugins: {compute: {type: dagster}}",
        "plugins: {compute: {type: postgresql, config: {storage: }}}",
        "plugins: {compute: {type: postgresql, config: {storage: lots}}}",
        "plugins: {compute: {type: postgresql, config: {storageclass: fast}}}",
        "plugins: {orchestrator: {type: dagster, config: {codeLocations: {name: a}}}}",
        "plugins: {orchestrator: {type: dagster, config: {codeLocations: [{name: a, module: b}]}}}",
        "plugins: {orchestrator: {type: dagster, config: {codeLocations: [{name: a, module: 'b c', image: x}]}}}",
        "plugins: {}\nservices: {redis: {}}",
        "plugins: {}\nservices: {dagster: {replicas: -1}}",
        "plugins: {}\nservices: {dagster: {replicas: 51}}",
        "plugins: {}\nservices: {dagster: {enabled: 'yes'}}",
        "plugins: {}\nservices: {dagster: {env: {A: true}}}",
        "plugins: {}\nservices: {dagster: {env: {1A: b}}}",
        "plugins: {}\nservices: {dagster: {env: {A: {secretRef: {name: s}}}}}",
        "plugins: {}\nservices: {dagster: {preset: a, resources: {}}}\nresource_presets: {a: {}}",
        "plugins: {}\ndomains: {Sales: {}}",
        "plugins: {}\ndomains: {sales: }",
        "plugins: {}\ndomains: {sales: {namespace: A}}",
        "plugins: {}\nresource_presets: {small: {cpu: 1}}",
        "plugins: {}\nscope: company",
        "plugins: {}\ngovernence: {}",
        "plugins: {}\nartifacts: {registry: {uri: https://r.example.com}}",
      })
  void whatTheParserRefusesDoesNotFit(String rest) {
    var text =
        rest.contains("kind: Other") ? HEAD.replace("kind: Manifest\n", "") + rest : HEAD + rest;
    assertThatThrownBy(() -> PARSER.parse(text)).isInstanceOf(FloeException.class);
    assertThat(errors(text)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: Weather, version: 1.0.0}",
        "{version: 1.0.0}",
        "{name: a}",
        "{name: a, version: '1.0'}",
        "{name: a, version: 1.0.0, ownr: me}",
        "[]"
      })
  void wrongMetadataDoesNotFit(String metadata) {
    var text = HEAD.replace("{name: weather, version: 1.0.0}", metadata) + "plugins: {}";
    assertThatThrownBy(() -> PARSER.parse(text)).isInstanceOf(FloeException.class);
    assertThat(errors(text)).isNotEmpty();
  }

  private static List<String> errors(String yaml) {
    return SCHEMA.validate(SourceTree.read(yaml).root()).stream()
        .map(message -> message.getInstanceLocation() + ": " + message.getMessage())
        .toList();
  }

  private static String pretty(Object tree) throws JsonProcessingException {
    var printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));
    return new ObjectMapper().writer(printer).writeValueAsString(tree) + "\n";
  }
}
