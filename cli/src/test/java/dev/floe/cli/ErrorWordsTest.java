package dev.floe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.cli.output.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorWordsTest {
  private final StringWriter err = new StringWriter();

  @Test
  void aFullDiskSaysWhereToFreeSpace() {
    var exitCode = tell(new FileSystemException("/f/lock", null, "No space left on device"));
    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "error: The disk is full.\n→ Free some space on the disk of /f.\n");
  }

  @Test
  void anotherFailureOfTheFileSystemNamesTheFile() {
    tell(new FileSystemException("/f/token", null, "Read-only file system"));
    assertThat(err.toString()).startsWith("error: /f/token: Read-only file system.").contains("→ ");
  }

  private ExitCode tell(IOException thrown) {
    return new ErrorWords(
            new PrintWriter(err), Terminal.of(false, true, Map.of()), false, () -> Path.of("/f"))
        .tell(thrown);
  }
}
