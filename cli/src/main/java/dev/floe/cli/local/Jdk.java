package dev.floe.cli.local;

import dev.floe.local.home.FileNames;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A Java on this machine that is new enough for the services.
 *
 * @param home its folder
 * @param version as its {@code release} file says
 */
public record Jdk(Path home, Runtime.Version version) {
  /** The oldest feature version that floe works with. */
  public static final int OLDEST = 25;

  /** Where systems put them. */
  private static final Path SYSTEM = Path.of("/usr/lib/jvm");

  /**
   * Looks where {@code ./floe} looks: JAVA_HOME, the Java that runs this command, {@code
   * /usr/lib/jvm/*}, {@code ~/.floe/jdk}, then the PATH.
   */
  public static Optional<Jdk> find(Map<String, String> environment) {
    return folders(environment).stream()
        .map(Jdk::at)
        .flatMap(Optional::stream)
        .filter(jdk -> jdk.version.feature() >= OLDEST)
        .findFirst();
  }

  /** The program that runs jars. */
  Path java() {
    return java(home);
  }

  private static List<Path> folders(Map<String, String> environment) {
    var folders = new ArrayList<Path>();
    add(folders, environment.get("JAVA_HOME"));
    add(folders, System.getProperty("java.home")); // a native executable has none
    try (var found = Files.list(SYSTEM)) {
      found.sorted().forEach(folders::add);
    } catch (IOException e) {
      // there is no such folder here
    }
    var home = environment.getOrDefault("HOME", "");
    add(folders, home.isEmpty() ? null : home + "/.floe/jdk");
    for (var entry : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && FileNames.isPath(entry)) {
        ofProgram(Path.of(entry).resolve("java")).ifPresent(folders::add);
      }
    }
    return folders;
  }

  private static void add(List<Path> folders, @Nullable String folder) {
    if (folder != null && !folder.isBlank() && FileNames.isPath(folder)) {
      folders.add(Path.of(folder));
    }
  }

  private static Optional<Path> ofProgram(Path java) {
    try {
      return Optional.ofNullable(java.toRealPath().getParent()).map(Path::getParent);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Jdk> at(Path home) {
    try (var text = Files.newBufferedReader(home.resolve("release"))) {
      var release = new Properties();
      release.load(text);
      var version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
      return Files.isExecutable(java(home))
          ? Optional.of(new Jdk(home, Runtime.Version.parse(version)))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Path java(Path home) {
    return home.resolve("bin").resolve("java");
  }
}
