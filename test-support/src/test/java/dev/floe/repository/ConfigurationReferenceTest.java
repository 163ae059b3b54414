package dev.floe.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.test.Golden;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
  @Test
  void theReferenceIsUpToDate() throws IOException {
    var reference = ConfigurationReference.of(Path.of(".."));
    assertThat(reference).contains("`floe.auth.token-file`");
    Golden.assertMatches(reference, "../../../../docs/configuration.md");
  }
}
