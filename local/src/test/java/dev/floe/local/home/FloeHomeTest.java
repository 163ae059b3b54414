package dev.floe.local.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.local.LocalException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloeHomeTest {
  @TempDir Path temporary;

  @Test
  void theHomeFolderIsThatOfTheEnvironment() {
    assertThat(FloeHome.locate(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.floe"));
    assertThat(FloeHome.locate(Map.of("HOME", "/h", "FLOE_HOME", "/f"))).isEqualTo(Path.of("/f"));
    assertThat(FloeHome.locate(Map.of("HOME", " ")))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".floe"));
  }

  @Test
  void aNameThatTheLocaleDidNotReadIsNamed() {
    assertThatThrownBy(() -> FloeHome.locate(Map.of("FLOE_HOME", "/t\ufffd")))
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("FLOE_HOME names")
        .hasMessageContaining("character set");
  }

  @Test
  void theHomeIsPrivate() throws IOException {
    // When
    var home = FloeHome.of(Map.of("FLOE_HOME", temporary.resolve("home").toString()));
    // Then
    assertThat(Files.getPosixFilePermissions(home.root()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aTokenIsMadeUpOnce() throws IOException {
    // Given
    var home = FloeHome.at(temporary);
    // When
    var token = TokenFile.readOrCreate(home.token());
    // Then
    assertThat(token).hasSizeGreaterThan(40);
    assertThat(TokenFile.readOrCreate(home.token())).isEqualTo(token);
  }

  @Test
  void endpointsAreReadAsWritten() throws IOException {
    // Given
    var home = FloeHome.at(temporary);
    var url = URI.create("http://127.0.0.1:8580");
    var endpoints = new Endpoints(url, url, url, url, url, home.token());
    // When
    endpoints.write(home);
    // Then
    assertThat(Endpoints.read(home)).contains(endpoints);
  }

  @Test
  void whatAKilledWriterLeftIsRemovedLater() throws IOException {
    // Given
    var folder = temporary.resolve("attempts/one");
    var left = PrivateFiles.createDraft(folder);
    var young = PrivateFiles.createDraft(folder);
    Files.setLastModifiedTime(left, FileTime.from(Instant.EPOCH));
    // When
    PrivateFiles.createDraft(folder);
    // Then
    assertThat(left).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void aLockHasOneHolder() throws IOException {
    // Given
    var file = FloeHome.at(temporary).lock();
    try (var _ = FolderLock.acquire(file)) {
      // When
      var second = CompletableFuture.supplyAsync(() -> isFree(file)).join();
      // Then
      assertThat(second).isFalse();
    }
    assertThat(isFree(file)).isTrue();
  }

  private static boolean isFree(Path file) {
    try {
      var lock = FolderLock.tryAcquire(file, Duration.ZERO);
      if (lock.isPresent()) {
        lock.get().close();
      }
      return lock.isPresent();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
