package dev.floe.cli.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    assertThat(source.find("/metadata/name").orElseThrow().line()).isEqualTo(2);
    assertThat(source.find("/plugins/1/type").orElseThrow().line()).isEqualTo(5);
    assertThat(source.find("/plugins/1/config/size").orElseThrow().line()).isEqualTo(6);
  }

  @Test
  void findsTheParentOfAMissingField() {
    var source = new SourceText("x.yaml", TEXT);
    assertThat(source.find("/metadata/owner").orElseThrow().line()).isEqualTo(1);
  }

  @Test
  void malformedYamlSaysWhatWasExpected() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "a: [1,\nb: }").tree())
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure ->
                assertThat(failure.details().getFirst())
                    .isEqualTo(
                        "x.yaml:2:4: cannot be read as YAML: expected the node content, but found"
                            + " '}'"));
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
              assertThat(failure).hasMessageContaining("x.yaml is not valid");
              assertThat(failure.details()).hasSize(3);
              assertThat(failure.details().get(1)).contains("d: e");
            });
  }

  @Test
  void aListIsNoFileOfFloe() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "- a\n").tree())
        .hasMessageContaining("not a mapping");
  }

  @Test
  void twoDocumentsAreOneTooMany() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "a: b\n---\nc: d\n").tree())
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure ->
                assertThat(failure.details().getFirst())
                    .startsWith("x.yaml:3:1: holds more than one document"));
  }

  @Test
  void aMissingFileIsSaidSo(@TempDir Path folder) {
    var file = folder.resolve("none.yaml");
    assertThatThrownBy(() -> SourceText.read(file, InputStream.nullInputStream()))
        .hasMessageContaining("There is no file " + file);
  }

  @Test
  void aKeyThatIsHereTwiceIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> new SourceText("x.yaml", "a: 1\na: 2\n").tree())
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.details())
                  .containsExactly(
                      "x.yaml:2:1: /a: the key is here twice; the first is on line 1",
                      "    2 | a: 2",
                      "        ^");
            });
  }

  @Test
  void anotherEncodingIsNamed(@TempDir Path folder) throws IOException {
    // Given
    var utf16 = Files.write(folder.resolve("a.yaml"), "a: b".getBytes(StandardCharsets.UTF_16));
    var latin = Files.write(folder.resolve("b.yaml"), "a: \u00fc".getBytes(ISO_8859_1));
    var marked = Files.writeString(folder.resolve("c.yaml"), "\uFEFFa: \u00fc");
    // Then
    assertThatThrownBy(() -> SourceText.read(utf16, InputStream.nullInputStream()))
        .hasMessage(utf16 + " is UTF-16, not UTF-8: save it as UTF-8.");
    assertThatThrownBy(() -> SourceText.read(latin, InputStream.nullInputStream()))
        .hasMessageContaining("is not UTF-8: line 1");
    assertThat(SourceText.read(marked, InputStream.nullInputStream()).tree().get("a").asText())
        .isEqualTo("\u00fc");
  }
}
