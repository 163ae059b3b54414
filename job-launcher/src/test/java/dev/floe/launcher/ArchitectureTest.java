package dev.floe.launcher;

import dev.floe.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void theArrowsOfTheHouseHold() {
    ArchitectureRules.check("dev.floe.launcher");
  }
}
