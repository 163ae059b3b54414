package dev.floe.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private final YamlReader reader = YamlReader.of(YamlLimits.USUAL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0644",
        "007",
        "0x1F",
        "0o17",
        "1e3",
        "1E3",
        "1.5e3",
        "+1",
        "-0",
        "-0.0",
        ".5",
        "1.",
        "1e-9",
        ".inf",
        "-.INF",
        ".nan",
        "True",
        "FALSE",
        "~",
        "Null",
        "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
      })
  void aSpellingThatReadersTakeDifferentlyIsRefusedWithItsPlace(String written) {
    // When
    var problems = problems("args:\n  - " + written + "\n");
    // Then
    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.pointer()).isEqualTo("/args/0");
          assertThat(problem.position()).isEqualTo(new Position(2, 5));
          assertThat(problem.message())
              .contains(
                  "write it in quotes, \"" + written.substring(0, Math.min(60, written.length())));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "no",
        "on",
        "Off",
        "y",
        "1_000",
        "12:30:45",
        "2026-01-31",
        "2026-01-31T10:00:00Z",
        "0b101",
        "=",
        "1.2.3",
        "3.10.0",
        "0x",
        "1e",
        "e3",
        "a: b",
        "nan",
        "08:00",
        "0123abc"
      })
  void textWithoutQuotesKeepsItsCharacters(String written) {
    var text = written.contains(": ") ? "'" + written + "'" : written;
    // When
    JsonNode node = reader.read("[" + text + "]").root().get(0);
    // Then
    assertThat(node.isTextual()).isTrue();
    assertThat(node.asText()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-12", "3.10", "1.9", "0.0", "99999999999999999999"})
  void aNumberKeepsItsDigits(String written) {
    // When
    JsonNode node = reader.read("n: " + written).root().get("n");
    // Then
    assertThat(node.isNumber()).isTrue();
    assertThat(node.asText()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'007'", "\"0x1F\"", "'~'", "!!str 007", "! 007"})
  void whatIsQuotedIsText(String written) {
    assertThat(reader.read("v: " + written).root().get("v").isTextual()).isTrue();
  }

  @Test
  void aValueUnderAHiddenKeyIsNotRepeated() {
    // When
    var problems =
        problems(
            YamlReader.of(YamlLimits.USUAL).hiding(key -> key.equals("password")),
            "password: {parts: [0123456]}\nport: 080\n");
    // Then
    assertThat(problems).hasSize(2);
    assertThat(problems.getFirst().message()).contains("in quotes").doesNotContain("0123456");
    assertThat(problems.getLast().message()).contains("\"080\"");
  }

  @Test
  void aRepeatedKeyIsRefused() {
    assertThat(problems("a: 1\nb: 2\na: 3\n"))
        .containsExactly(
            new YamlProblem(
                "/a", "the key is here twice; the first is on line 1", new Position(3, 1)));
  }

  @Test
  void aliasesAreResolvedAndKeepTheirPlace() {
    // When
    var document = reader.read("a: &x {k: [1, two]}\nb: *x\n");
    // Then
    assertThat(document.root().get("b")).isEqualTo(document.root().get("a"));
    assertThat(document.value("/b")).contains(new Position(2, 4));
    assertThat(document.value("/b/k/1")).contains(new Position(1, 15));
  }

  static List<Arguments> refused() {
    return List.of(
        Arguments.of("a: &x [*x]", "stands inside what it refers to"),
        Arguments.of("a: *x", "refers to nothing above it"),
        Arguments.of("a: !<kubernetes> x", "the tag kubernetes is not supported"),
        Arguments.of("a: !!int '7'", "is not supported"),
        Arguments.of("a: !!map {}", "is not supported"),
        Arguments.of("{<<: {a: 1}}", "merge keys"),
        Arguments.of("? [a, b]\n: c", "a key must be text"),
        Arguments.of("? \n: c", "a key is missing"),
        Arguments.of("a: \"\\0\"", "U+0000"),
        Arguments.of("a: \"\\ud800\"", "U+D800"),
        Arguments.of("\"\\0\": a", "U+0000"),
        Arguments.of("a: [1", "cannot be read as YAML"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeKeptIsRefusedWithItsPlace(String text, String message) {
    assertThat(problems(text))
        .anySatisfy(problem -> {
          assertThat(problem.message()).contains(message);
          assertThat(problem.position()).isNotNull();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: 1",
        "---\na: 1\n",
        "# c\n---\na: 1\n---\n",
        "---\n---\na: 1\n...\n",
        "\uFEFFa: 1\n",
        "a: 1\n---\n# nothing\n",
        "%YAML 1.2\n---\na: 1\n"
      })
  void emptyDocumentsAroundTheOneArePassedOver(String text) {
    assertThat(reader.read(text).root().get("a").asInt()).isEqualTo(1);
  }

  @Test
  void aSecondDocumentIsRefusedWithItsPlace() {
    assertThat(problems("a: 1\n---\nb: 2\n"))
        .containsExactly(
            new YamlProblem(
                "/",
                "holds more than one document; the second begins here: put it into a file of its own",
                new Position(3, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# only a comment\n", "---\n", "---\n---\n"})
  void anEmptyTextIsSaidToBeEmpty(String text) {
    assertThat(problems(text)).containsExactly(new YamlProblem("/", "is empty", null));
  }

  @Test
  void otherEncodingsAreNamed() {
    for (var charset :
        List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      var bytes = "a: 1".getBytes(charset);
      assertThat(catchThrowableOfType(YamlException.class, () -> reader.read(bytes)))
          .hasMessageContaining("UTF-16");
      var decoded = new String(bytes, StandardCharsets.UTF_8);
      assertThat(catchThrowableOfType(YamlException.class, () -> reader.read(decoded)))
          .hasMessageContaining("UTF-16");
    }
    var latin = "a: b\nc: \u00fcber".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(catchThrowableOfType(YamlException.class, () -> reader.read(latin)).problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).contains("not UTF-8", "line 2", "0xFC");
          assertThat(problem.position()).isEqualTo(new Position(2, 1));
        });
    assertThat(
            reader.read("a: \u00fcber".getBytes(StandardCharsets.UTF_8)).root().get("a").asText())
        .isEqualTo("\u00fcber");
  }

  @Test
  void aControlCharacterIsNamedWithItsPlace() {
    assertThat(problems("a: 1\nb: x\u0007y\n"))
        .containsExactly(
            new YamlProblem(
                "/", "has the control character U+0007: remove it", new Position(2, 5)));
  }

  @Test
  void deepLongWideAndMultiplyingTextsEndAtALimit() {
    var deepKeys = new StringBuilder();
    for (int i = 0; i < 47; i++) {
      deepKeys.append("{").append("k".repeat(1000)).append(": ");
    }
    deepKeys.append("[").append("1, ".repeat(45_000)).append("1]").append("}".repeat(47));
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
    }
    var chain = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      chain.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertThat(problems(deepKeys.toString()).getFirst().message()).contains("4000 characters");
    assertThat(problems(bomb.toString()).getFirst().message()).contains("50000 values");
    assertThat(problems(chain.toString()).getFirst().message()).contains("50 levels");
    assertThat(problems("[".repeat(500_000)).getFirst().message()).contains("50 levels");
    assertThat(problems("- ".repeat(500_000)).getFirst().message()).contains("50 levels");
    assertThat(problems("[" + "1,".repeat(400_000) + "]").getFirst().message())
        .contains("50000 values");
    assertThat(problems("x".repeat(1_000_001)).getFirst().message()).contains("maximum is 1000000");
  }

  @Test
  void aliasesOfLongTextsEndAtALimit() {
    for (var value : List.of("x".repeat(5_000), "{" + "k".repeat(1_000) + ": 1}")) {
      // When
      var problems = problems("a: &a " + value + "\nl: [" + "*a,".repeat(20_000) + "]\n");
      // Then
      assertThat(problems)
          .singleElement()
          .satisfies(problem -> {
            assertThat(problem.message()).contains("1000000 characters, aliases resolved");
            assertThat(problem.position()).extracting(Position::line).isEqualTo(2);
          });
    }
    assertThat(
            reader.read("a: &a " + "x".repeat(5_000) + "\nl: [" + "*a,".repeat(150) + "]").root())
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: !Sup3rSecret x",
        "password: *Sup3rSecret",
        "password: &Sup3rSecret [*Sup3rSecret]",
        "password: !Sup3rSecret!x y"
      })
  void aSecretThatReadsAsATagOrAnAliasIsNotRepeated(String text) {
    // When
    var problems = problems(reader.hiding(key -> key.equals("password")), text);
    // Then
    assertThat(problems).singleElement().asString().doesNotContain("Sup3r");
  }

  @Test
  void reportedProblemsAreBounded() {
    // When
    var problems = problems("[" + "007, ".repeat(10_000) + "]");
    // Then
    assertThat(problems).hasSize(101);
    assertThat(problems.getLast().message()).isEqualTo("has 9900 more problems");
  }

  @Test
  void aPlaceIsFoundByItsPointer() {
    // Given
    var document = reader.read("metadata:\n  name: x\nlist:\n  - a/b: {c~d: 1}\n");
    // Then
    assertThat(document.value("/metadata/name")).contains(new Position(2, 9));
    assertThat(document.key("/metadata/name")).contains(new Position(2, 3));
    assertThat(document.value("/list/0/a~1b/c~0d")).contains(new Position(4, 16));
    assertThat(document.nearest("/metadata/owner/first")).isEqualTo(new Position(1, 1));
    assertThat(document.nearest("/list/7")).isEqualTo(new Position(3, 1));
    assertThat(document.value("/metadata/owner")).isEmpty();
  }

  private List<YamlProblem> problems(String text) {
    return problems(reader, text);
  }

  private static List<YamlProblem> problems(YamlReader reader, String text) {
    var failure = catchThrowableOfType(YamlException.class, () -> reader.read(text));
    assertThat(failure).as(text.length() > 200 ? "a long text" : text).isNotNull();
    return failure.problems();
  }
}
