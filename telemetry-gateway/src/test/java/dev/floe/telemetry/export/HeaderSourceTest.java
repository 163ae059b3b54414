package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secret headers come from a file, and change with it. */
class HeaderSourceTest {
  @TempDir Path folder;

  @Test
  void readsBothWaysOfWritingThem() {
    assertThat(HeaderSource.parse(Path.of("f"), "authorization=Bearer a=b,x-one=1\nX-Two = 2\n\n"))
        .isEqualTo(Map.of("authorization", "Bearer a=b", "x-one", "1", "x-two", "2"));
  }

  @Test
  void readsTheFileAgainWhenItChanges() throws Exception {
    // Given
    var file = Files.writeString(folder.resolve("headers"), "authorization=one");
    var headers = new HeaderSource(Map.of("X-Tenant", "t"), Optional.of(file));
    assertThat(headers.headers()).containsEntry("authorization", "one");
    // When
    Files.writeString(file, "authorization=two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    // Then
    assertThat(headers.headers()).isEqualTo(Map.of("x-tenant", "t", "authorization", "two"));
    // When
    Files.delete(file);
    // Then
    assertThat(headers.headers()).containsEntry("authorization", "two");
  }

  @Test
  void neverSaysWhatStandsInAFileThatIsWrong() throws Exception {
    // Given
    var file = Files.writeString(folder.resolve("headers"), "s3cret");
    // When, then
    assertThatThrownBy(() -> new HeaderSource(Map.of(), Optional.of(file)))
        .hasMessageContaining("name=value")
        .message()
        .doesNotContain("s3cret");
  }
}
