package dev.floe.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.contract.run.RunRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordShapeTest {
  @Test
  void textIsSentInTheCharactersOfTheFile() {
    // When
    var tree =
        RecordShape.check(
            new SourceText(
                "run.yaml",
                """
                platform: weather
                args: [yes, 50, "007", 12:30:45, 2026-01-31, 1_000]
                env: {A: no, B: "3.10", C: 8080}
                priority: 7
                resources: {cpu: 1}
                """),
            RunRequest.class);
    // Then
    assertThat(tree.toString())
        .isEqualTo(
            "{\"platform\":\"weather\","
                + "\"args\":[\"yes\",\"50\",\"007\",\"12:30:45\",\"2026-01-31\",\"1_000\"],"
                + "\"env\":{\"A\":\"no\",\"B\":\"3.10\",\"C\":\"8080\"},"
                + "\"priority\":7,\"resources\":{\"cpu\":\"1\"}}");
  }

  @Test
  void whatAServiceWouldConvertIsRefusedWithItsPlace() {
    // When
    var failure =
        refused(
            """
            env: {V: 3.10, W: true, X: }
            args: [1.5]
            priority: 1.9
            timeout: 600
            retryPolicy: {maxAttempts: {APPLICATION: 2.0}, backoff: {multiplier: "2"}}
            """);
    // Then
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(places(failure))
        .containsExactly(
            "run.yaml:2:8: /args/0: must be text: write it in quotes, \"1.5\"",
            "run.yaml:1:10: /env/V: must be text: write it in quotes, \"3.10\"",
            "run.yaml:1:19: /env/W: must be text: write it in quotes, \"true\"",
            "run.yaml:1:27: /env/X: has no value: write one, or \"\" for empty text",
            "run.yaml:4:10: /timeout: must be an ISO-8601 duration, for example PT10M",
            "run.yaml:5:42: /retryPolicy/maxAttempts/APPLICATION: must be a whole number",
            "run.yaml:5:70: /retryPolicy/backoff/multiplier: must be a number",
            "run.yaml:3:11: /priority: must be a whole number");
  }

  @Test
  void aSecretIsNotRepeated() {
    // When
    var failures =
        List.of(refused("env: {DB_PASSWORD: 77.5}\n"), refused("env: {DB_PASSWORD: 0775}\n"));
    // Then
    assertThat(failures)
        .allSatisfy(failure ->
            assertThat(failure.details())
                .singleElement()
                .asString()
                .startsWith("run.yaml:1:20: /env/DB_PASSWORD")
                .contains("in quotes")
                .doesNotContain("77"));
  }

  @Test
  void anAmbiguousSpellingIsRefusedInItsOwnCharacters() {
    assertThat(places(refused("args: [0644, 1e3, 0x1F, +1]\n")))
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).contains("run.yaml:1:8: /args/0").contains("\"0644\""))
        .anySatisfy(line -> assertThat(line).contains("run.yaml:1:14: /args/1").contains("\"1e3\""))
        .anySatisfy(
            line -> assertThat(line).contains("run.yaml:1:19: /args/2").contains("\"0x1F\""))
        .anySatisfy(line -> assertThat(line).contains("run.yaml:1:25: /args/3").contains("\"+1\""));
  }

  private static CommandFailure refused(String text) {
    return catchThrowableOfType(
        CommandFailure.class,
        () -> RecordShape.check(new SourceText("run.yaml", text), RunRequest.class));
  }

  private static List<String> places(CommandFailure failure) {
    return failure.details().stream().filter(line -> line.startsWith("run.yaml")).toList();
  }
}
