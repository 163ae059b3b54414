package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @TempDir Path home;

  @Test
  void anUnknownCommandIsUsageAndSuggestsWhatWasMeant() {
    // When
    var call = Call.floe(home, "run", "lst");
    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(call.err())
        .contains("'lst'")
        .contains("→ floe run list")
        .contains("floe run --help");
  }

  @Test
  void aNounAloneShowsItsCommands() {
    var call = Call.floe(home, "platform");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("deploy").contains("floe platform needs one of");
  }

  @ParameterizedTest
  @CsvSource({
    "platform rollback,",
    "platform destory,",
    "platform diffs, floe platform diff",
    "platform stauts, floe platform status",
    "run cancle,",
    "run explian, floe run explain",
    "local dwn,",
    "context deleet,",
    "telemtry, floe telemetry",
    "run list --limt, floe run list --limit",
    "run help, floe help run",
    "xyz,",
  })
  void aSuggestionIsCloseAndNeverDestructive(String words, @Nullable String suggestion) {
    var call = Call.floe(home, words.split(" "));

    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).doesNotContainPattern("→ floe .*(destroy|cancel|down|delete|remove)");
    if (suggestion == null) {
      assertThat(call.err().lines().filter(line -> line.startsWith("→"))).hasSize(1);
    } else {
      assertThat(call.err().lines()).contains("→ " + suggestion);
    }
    assertThat(call.err()).contains("--help");
  }

  @Test
  void anUnknownCommandNamesTheKnownOnes() {
    var call = Call.floe(home, "platform", "rollback");
    assertThat(call.err())
        .startsWith(
            "error: 'rollback' is not a command of floe platform, which has: deploy, diff,");
  }

  @Test
  void aloneItPrintsItsHelp() {
    var call = Call.floe(home);
    assertThat(call.exitCode()).isZero();
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).startsWith("Usage: floe").contains("platform").contains("--version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version"})
  void theVersionIsAnOptionToo(String option) {
    var call = Call.floe(home, option);
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).matches("floe \\S+ \\(Java \\S+\\)\\R");
  }

  @Test
  void helpOfACommandIsItsHelpOption() {
    var help = Call.floe(home, "help", "run", "submit");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).isEqualTo(Call.floe(home, "run", "submit", "--help").out());
    assertThat(Call.floe(home, "help").out()).isEqualTo(Call.floe(home).out());
    assertThat(Call.floe(home, "help", "run", "sumbit").err()).contains("→ floe run submit");
  }

  @Test
  void helpIsNoError() {
    var call = Call.floe(home, "run", "submit", "--help");
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("--idempotency-key");
  }

  @Test
  void aMissingOptionIsUsage() {
    var call = Call.floe(home, "run", "submit");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("--file");
  }

  @Test
  void anUnknownFormatIsUsage() {
    var call = Call.floe(home, "run", "list", "-o", "xml");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("table, json, yaml or name");
  }

  @Test
  void versionAnswersAsJsonToo() {
    var call = Call.floe(home, "-o", "json", "version");
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("\"version\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest", "run", "blueprint"})
  void schemasOfWhatPeopleWriteArePrinted(String document) throws IOException {
    var call = Call.floe(home, "schema", document);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(new ObjectMapper().readTree(call.out()).path("$id").asText())
        .isEqualTo("https://floe.dev/schemas/%s.schema.json".formatted(document));
  }

  @Test
  void aSchemaThatDoesNotExistIsUsage() {
    var call = Call.floe(home, "schema", "runs");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("manifest, run, blueprint");
  }

  @Test
  void completionNamesEveryNoun() {
    for (var shell : new String[] {"bash", "zsh", "fish"}) {
      var call = Call.floe(home, "completion", shell);
      assertThat(call.exitCode()).isZero();
      assertThat(call.out()).contains("platform").contains("telemetry").contains("doctor");
    }
  }

  @Test
  void withoutServicesTheNextCommandIsNamed() {
    var call = Call.floe(home, "run", "list");
    assertThat(call.exitCode()).isEqualTo(3);
    assertThat(call.err()).contains("not running on this machine").contains("→ floe local up");
  }
}
