package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
