package dev.floe.telemetry.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secret headers come from a file, and change with it. */
class HeaderSourceTest {
  @TempDir Path folder;

  @Test
  void readsBothWaysOfWritingThem() {
    assertThat(parse("authorization=Bearer a=b,x-one=1\nX-Two = 2\n\n"))
        .isEqualTo(Map.of("authorization", "Bearer a=b", "x-one", "1", "x-two", "2"));
  }

  @Test
  void aCommaBelongsToTheValueWhereNoOtherHeaderFollows() {
    assertThat(parse("x-a=1,2\nx-b=1,2,x-c=3\nx-d=a%20b\n"))
        .isEqualTo(Map.of("x-a", "1,2", "x-b", "1,2", "x-c", "3", "x-d", "a%20b"));
  }

  @Test
  void commentsAndAByteOrderMarkAreNoHeaders() {
    assertThat(parse("\ufeff# for the archive\r\nx-a=1\r\n  # x-b=2\r\n"))
        .isEqualTo(Map.of("x-a", "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cret",
        "=s3cret",
        "s3 cret=1",
        "x-a=s3cret\u0001",
        "x-a=s3cret\u00e4",
        "s3cret:1"
      })
  void aLineThatIsWrongIsNamedByItsNumberAlone(String line) {
    assertThatThrownBy(() -> parse("# one\nx-ok=1\n" + line + "\nx-last=2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("headers, line 3: ")
        .message()
        .doesNotContain("s3");
  }

  @Test
  void otherEncodingsAreNamed() {
    assertThatThrownBy(() -> HeaderFile.parse(Path.of("headers"), "\ufeffx-a=1".getBytes(UTF_16LE)))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(
            () -> HeaderFile.parse(Path.of("headers"), "x-a=1\nx-b=\u00e4".getBytes(ISO_8859_1)))
        .hasMessage("headers, line 2: write the file in UTF-8");
  }

  @Test
  void aFileThatBecomesWrongKeepsTheHeadersReadBefore() throws Exception {
    // Given
    var file = Files.writeString(folder.resolve("headers"), "authorization=one");
    var headers = new HeaderSource(Map.of(), Optional.of(file));
    // When
    Files.writeString(file, "s3cret");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    // Then
    assertThat(headers.headers()).isEqualTo(Map.of("authorization", "one"));
    // When
    Files.writeString(file, "authorization=two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(2_000_000));
    // Then
    assertThat(headers.headers()).isEqualTo(Map.of("authorization", "two"));
  }

  private static Map<String, String> parse(String text) {
    return HeaderFile.parse(Path.of("headers"), text.getBytes(UTF_8));
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
