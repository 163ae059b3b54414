package dev.floe.kit.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.problem.Problem;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ContractReflectionTest {
  @Test
  void findsTheTypesOfTheContract() throws URISyntaxException {
    var contract =
        Path.of(Problem.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(ContractReflection.classesIn(contract))
        .contains(Problem.class.getName(), Problem.FieldError.class.getName())
        .allMatch(name -> name.startsWith("dev.floe.contract."));
  }

  @Test
  void findsNothingElsewhere() {
    assertThat(ContractReflection.classesIn(Path.of("/nonexistent.jar"))).isEmpty();
  }
}
