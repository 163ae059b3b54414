package dev.floe.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares text with a file beside the test's resources. With {@code -Dgolden.write=true} the file
 * is written instead; look at the difference before committing it.
 */
public final class Golden {
  private Golden() {}

  /**
   * @param file relative to {@code src/test/resources} of the module under test
   */
  public static void assertMatches(String actual, String file) {
    var path = Path.of("src/test/resources").resolve(file).toAbsolutePath().normalize();
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, actual);
      }
      assertThat(actual).isEqualTo(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
