package dev.floe.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTextTest {
  private static final String TEXT =
      """
      metadata:
        name: weather
      plugins:
        - a
        - type: dagster
          config: {size: 3}
      """;

  @Test
  void findsTheLineOfAField() {
    var source = new SourceText("x.yaml", TEXT);
    assertThat(source.find("/metadata/name").orElseThrow().getLineNr()).isEqualTo(2);
    assertThat(source.find("/plugins/1/type").orElseThrow().getLineNr()).isEqualTo(5);
    assertThat(source.find("/plugins/1/config/size").orElseThrow().getLineNr()).isEqualTo(6);
  }

  @Test
  void findsTheParentOfAMissingField() {
    var source = new SourceText("x.yaml", TEXT);
    assertThat(source.find("/metadata/owner").orElseThrow().getLineNr()).isEqualTo(1);
  }

  @Test
  void malformedYamlSaysWhatWasExpected() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "a: [1,\nb: }").tree())
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "x.yaml is no valid YAML: while parsing a flow node, expected the node content, but"
                + " found '}'.");
  }

  @Test
  void anEmptyTextIsSaidSo() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "").tree())
        .isInstanceOf(CommandFailure.class)
        .hasMessage("x.yaml is empty.");
  }

  @Test
  void malformedYamlIsShownWithItsLine() {
    var source = new SourceText("x.yaml", "a: b\nc: [1, 2\nd: e\n");
    assertThatThrownBy(source::tree)
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure).hasMessageContaining("x.yaml is no valid YAML");
              assertThat(failure.details()).hasSize(2);
              assertThat(failure.details().getFirst()).contains("d: e");
            });
  }

  @Test
  void aListIsNoFileOfFloe() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "- a\n").tree())
        .hasMessageContaining("no mapping");
  }

  @Test
  void twoDocumentsAreOneTooMany() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "a: b\n---\nc: d\n").tree())
        .hasMessageContaining("more than one document");
  }

  @Test
  void aMissingFileIsSaidSo(@TempDir Path folder) {
    var file = folder.resolve("none.yaml");
    assertThatThrownBy(() -> SourceText.read(file, InputStream.nullInputStream()))
        .hasMessageContaining("There is no file " + file);
  }
}
