package dev.floe.local.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.local.LocalException;
import dev.floe.local.home.FloeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonEnvironmentsTest {
  @TempDir Path temporary;
  private Path requirements;
  private PythonEnvironments environments;

  @BeforeEach
  void writeRequirements() throws IOException {
    requirements = Files.writeString(temporary.resolve("requirements.lock"), "# nothing\n");
    environments = PythonEnvironments.at(FloeHome.at(temporary.resolve("home")));
  }

  @Test
  void anEnvironmentIsMadeOnce() throws IOException {
    // Given
    var first = environments.prepare(requirements, _ -> {});
    var made = Files.getLastModifiedTime(first.python());
    // When
    var second = environments.prepare(requirements, _ -> {});
    // Then
    assertThat(second).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(second.python())).isEqualTo(made);
    assertThat(environments.find(requirements)).contains(first);
  }

  @Test
  void whatAnInterruptionLeftIsMadeAnew() throws IOException {
    // Given
    var environment = environments.prepare(requirements, _ -> {});
    Files.delete(environment.folder().resolve("floe-complete"));
    Files.writeString(environment.folder().resolve("half"), "");
    Files.setLastModifiedTime(environment.folder(), FileTime.from(Instant.EPOCH));
    // When
    environments.prepare(requirements, _ -> {});
    // Then
    assertThat(environment.folder().resolve("half")).doesNotExist();
    assertThat(environments.find(requirements)).isPresent();
  }

  @Test
  void requirementsWithoutHashesAreRefused() throws IOException {
    // Given
    Files.writeString(requirements, "httpx==0.28.1\n");
    // When
    assertThatThrownBy(() -> environments.prepare(requirements, _ -> {}))
        // Then
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("hash");
    assertThat(environments.find(requirements)).isEmpty();
  }

  @Test
  void noPythonSaysWhatToInstall() {
    // Given
    var nowhere = Map.of("PATH", temporary.toString());
    // When
    assertThatThrownBy(() -> PythonInterpreter.find(nowhere))
        // Then
        .isInstanceOfSatisfying(
            LocalException.class,
            e -> assertThat(e.action()).contains("apt install python3 python3-venv"));
  }

  @Test
  void aPythonThatIsTooNewIsSaid() throws IOException {
    // Given
    var answer = "#!/bin/sh\necho 3 15 " + temporary.resolve("python3") + "\n";
    var next = Files.writeString(temporary.resolve("python3"), answer);
    assertThat(next.toFile().setExecutable(true)).isTrue();
    var environment = Map.of("PATH", temporary.toString(), "FLOE_PYTHON", next.toString());
    var others = PythonEnvironments.at(FloeHome.at(temporary.resolve("home")), environment);
    // When
    assertThatThrownBy(() -> others.prepare(requirements, _ -> {}))
        // Then
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("exist for 3.10 to 3.13");
  }

  @Test
  void theNamedPythonIsTaken() throws IOException {
    // Given
    var old = Files.writeString(temporary.resolve("python3"), "#!/bin/sh\necho 3 9 /old/python\n");
    assertThat(old.toFile().setExecutable(true)).isTrue();
    var environment = new HashMap<>(System.getenv());
    environment.put("FLOE_PYTHON", old.toString());
    // When
    assertThatThrownBy(() -> PythonInterpreter.find(environment))
        // Then
        .isInstanceOf(LocalException.class)
        .hasMessageContaining(old.toString());
  }
}
