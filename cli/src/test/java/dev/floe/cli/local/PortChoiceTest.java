package dev.floe.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortChoiceTest {
  private static final int ANY = 40_000;

  @Test
  void takesTheUsualPorts() throws IOException {
    var chosen = choice(Set.of(), Set.of()).choose(Map.of(), Map.of());
    assertThat(chosen)
        .containsEntry(Port.PLATFORM_MANAGER, 8580)
        .containsEntry(Port.JOB_LAUNCHER, 8581)
        .containsEntry(Port.TELEMETRY_GATEWAY, 8582)
        .containsEntry(Port.OTLP_GRPC, 4317)
        .containsEntry(Port.OTLP_HTTP, 4318);
  }

  @Test
  void takesAFreePortWhereTheUsualOneIsTaken() throws IOException {
    var chosen = choice(Set.of(), Set.of(4317)).choose(Map.of(), Map.of());
    assertThat(chosen).containsEntry(Port.OTLP_GRPC, ANY).containsEntry(Port.OTLP_HTTP, 4318);
  }

  @Test
  void staysWhereItIs() throws IOException {
    var chosen =
        choice(Set.of(Port.JOB_LAUNCHER), Set.of(50_001))
            .choose(Map.of(), Map.of(Port.JOB_LAUNCHER, 50_001));
    assertThat(chosen).containsEntry(Port.JOB_LAUNCHER, 50_001);
  }

  @Test
  void leavesAPortThatAnotherProgramTookMeanwhile() throws IOException {
    var chosen =
        choice(Set.of(), Set.of(50_001)).choose(Map.of(), Map.of(Port.JOB_LAUNCHER, 50_001));
    assertThat(chosen).containsEntry(Port.JOB_LAUNCHER, 8581);
  }

  @Test
  void refusesAConfiguredPortThatIsInUse() {
    assertThatThrownBy(
            () -> choice(Set.of(), Set.of(9000)).choose(Map.of(Port.JOB_LAUNCHER, 9000), Map.of()))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.CONFLICT);
              assertThat(failure)
                  .hasMessageContaining("Port 9000")
                  .hasMessageContaining("job-launcher");
              assertThat(failure.next().getFirst()).contains("--job-launcher-port");
            });
  }

  @Test
  void keepsAConfiguredPortThatIsItsOwn() throws IOException {
    var chosen =
        choice(Set.of(Port.JOB_LAUNCHER), Set.of(9000))
            .choose(Map.of(Port.JOB_LAUNCHER, 9000), Map.of(Port.JOB_LAUNCHER, 9000));
    assertThat(chosen).containsEntry(Port.JOB_LAUNCHER, 9000);
  }

  @Test
  void neverGivesOnePortTwice() throws IOException {
    var chosen = choice(Set.of(), Set.of()).choose(Map.of(Port.JOB_LAUNCHER, 8580), Map.of());
    assertThat(chosen)
        .containsEntry(Port.PLATFORM_MANAGER, ANY)
        .containsEntry(Port.JOB_LAUNCHER, 8580);
    assertThat(chosen.values()).doesNotHaveDuplicates();
  }

  private static PortChoice choice(Set<Port> ours, Set<Integer> taken) {
    var next = new int[] {ANY};
    return new PortChoice(ours::contains, number -> !taken.contains(number), () -> next[0]++);
  }
}
