package dev.floe.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkTest {
  @TempDir Path root;

  @Test
  void javaHomeComesFirst() throws IOException {
    var home = jdk("mine", "25.0.3");
    assertThat(Jdk.find(Map.of("JAVA_HOME", home.toString())))
        .hasValueSatisfying(found -> {
          assertThat(found.java()).isEqualTo(home.resolve("bin/java"));
          assertThat(found.version().feature()).isEqualTo(25);
        });
  }

  @Test
  void anOlderOneIsPassedOver() throws IOException {
    var old = jdk("old", "17.0.1");
    assertThat(Jdk.find(Map.of("JAVA_HOME", old.toString())))
        .hasValueSatisfying(found -> assertThat(found.home()).isNotEqualTo(old));
  }

  @Test
  void aFolderThatIsNoJdkIsPassedOver() {
    assertThat(Jdk.find(Map.of("JAVA_HOME", root.toString())))
        .hasValueSatisfying(found -> assertThat(found.home()).isNotEqualTo(root));
  }

  private Path jdk(String name, String version) throws IOException {
    var bin = Files.createDirectories(root.resolve(name).resolve("bin"));
    Files.createFile(
        bin.resolve("java"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(root.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return root.resolve(name);
  }
}
