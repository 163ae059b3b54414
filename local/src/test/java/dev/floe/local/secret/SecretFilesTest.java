package dev.floe.local.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.local.home.FloeHome;
import dev.floe.local.home.TokenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  @TempDir Path temporary;
  private SecretFiles secrets;

  @BeforeEach
  void open() {
    secrets = SecretFiles.at(FloeHome.at(temporary));
  }

  @Test
  void whatWasGeneratedIsKept() throws IOException {
    // Given
    var first = secrets.generate("weather", "database", Map.of("password", TokenFile::generate));
    // When
    var second =
        secrets.generate(
            "weather",
            "database",
            Map.of("password", TokenFile::generate, "user", () -> "someone"));
    // Then
    assertThat(second)
        .containsEntry("password", first.get("password"))
        .containsEntry("user", "someone");
    assertThat(secrets.find("weather", "database", "user")).contains("someone");
  }

  @Test
  void onlyItsOwnerReadsIt() throws IOException {
    // When
    secrets.put("weather", "database", Map.of("password", "x"));
    // Then
    var file = temporary.resolve("secrets/weather/database.json");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aNameThatLeavesTheFolderIsRefused() {
    // When
    assertThatThrownBy(() -> secrets.find("..", "x"))
        // Then
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownSecretIsAbsent() throws IOException {
    // When
    var found = secrets.find("weather", "none", "key");
    // Then
    assertThat(found).isEmpty();
  }
}
