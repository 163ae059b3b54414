package dev.floe.platform.runtime.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LocalProcessesTest {
  @Test
  void theLastLineOfALogKeepsNoSecretOfTheProcess() {
    assertThat(
            LocalProcesses.without(
                "cannot sign in as u with hunter2 (hunter2)", List.of("hunter2", "", "in")))
        .isEqualTo("cannot sign in as u with ••• (•••)");
  }
}
