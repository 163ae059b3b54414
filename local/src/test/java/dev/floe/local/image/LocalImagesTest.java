package dev.floe.local.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.local.LocalException;
import dev.floe.local.home.FloeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalImagesTest {
  @TempDir Path temporary;
  private LocalImages images;
  private Path source;

  @BeforeEach
  void makeSource() throws IOException {
    images = LocalImages.at(FloeHome.at(temporary.resolve("home")));
    source = Files.createDirectory(temporary.resolve("source"));
  }

  @Test
  void whatWasAddedIsFoundListedAndRemoved() throws IOException {
    // Given
    var lock = Files.writeString(temporary.resolve("requirements.lock"), "");
    var definition =
        new ImageDefinition("floe.local/x:1", source, Optional.of(lock), List.of(temporary));
    // When
    images.add(definition);
    // Then
    assertThat(images.find("floe.local/x:1")).contains(definition);
    assertThat(images.list()).containsExactly(definition);
    assertThat(images.remove("floe.local/x:1")).isTrue();
    assertThat(images.list()).isEmpty();
  }

  @Test
  void anImageWithoutRequirementsRunsWithThisMachinesPython() throws IOException {
    // Given
    images.add(new ImageDefinition("plain", source, Optional.empty(), List.of(temporary)));
    // When
    var image = images.prepare("plain", _ -> {});
    // Then
    assertThat(image.source()).isEqualTo(source);
    assertThat(image.pathPrefix()).isDirectory();
    assertThat(image.environment()).containsEntry("PYTHONPATH", temporary.toString());
  }

  @Test
  void anUnknownNameSaysHowToDefineIt() {
    // When
    assertThatThrownBy(() -> images.prepare("floe.local/none:1", _ -> {}))
        // Then
        .isInstanceOfSatisfying(
            UnknownImageException.class,
            e -> assertThat(e.action()).contains("floe local image add floe.local/none:1"));
  }

  @Test
  void aMissingFolderIsRefused() {
    // Given
    var definition =
        new ImageDefinition("x", temporary.resolve("none"), Optional.empty(), List.of());
    // When
    assertThatThrownBy(() -> images.add(definition))
        // Then
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("none is not a folder");
  }
}
