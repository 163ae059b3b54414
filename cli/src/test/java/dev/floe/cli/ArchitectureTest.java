package dev.floe.cli;

import dev.floe.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

/** The arrows of the house, on this module. */
class ArchitectureTest {
  @Test
  void theArrowsHold() {
    ArchitectureRules.check("dev.floe.cli");
    ArchitectureRules.check("dev.floe.yaml");
  }
}
