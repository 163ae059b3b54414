package dev.floe.cli.local;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The program of one service, as it was built in a source tree: a native executable, else jars for
 * the JVM.
 *
 * @param command what starts it
 * @param fingerprint changes when it was built anew
 */
record ServiceProgram(List<String> command, String fingerprint) {

  /**
   * Finds it.
   *
   * @param checkout the source tree
   * @param name of the service
   * @param java the JVM to run it with; {@code null}: the native executable is wanted
   */
  static ServiceProgram find(Path checkout, String name, @Nullable Path java) throws IOException {
    var target = checkout.resolve(name).resolve("target");
    if (java == null) {
      var executable = target.resolve("native").resolve("floe-" + name);
      if (!Files.isExecutable(executable)) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "There is no native executable of %s.".formatted(name),
            "native/build.sh %s && native/build.sh --put %s".formatted(name, name));
      }
      return new ServiceProgram(
          List.of(executable.toString(), "-Xmx64m"), fingerprint(List.of(executable)));
    }
    var app = target.resolve("quarkus-app");
    var jar = app.resolve("quarkus-run.jar");
    if (!Files.isRegularFile(jar)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "%s is not built: there is no %s.".formatted(name, jar),
          "./mvnw -Dfast -DskipTests package");
    }
    return new ServiceProgram(
        List.of(
            java.toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            jar.toString()),
        fingerprint(programFiles(app)));
  }

  /**
   * The files that a build of floe changes; what lies beside them follows from the list of names.
   */
  private static List<Path> programFiles(Path app) throws IOException {
    var files = new ArrayList<Path>();
    for (var folder : List.of(app.resolve("app"), app.resolve("quarkus"))) {
      try (var found = Files.walk(folder)) {
        found.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    try (Stream<Path> found = Files.list(app.resolve("lib/main"))) {
      found
          .filter(file -> file.getFileName().toString().startsWith("dev.floe."))
          .forEach(files::add);
    }
    files.add(app.resolve("quarkus-app-dependencies.txt"));
    files.sort(null);
    return files;
  }

  private static String fingerprint(List<Path> files) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var file : files) {
        digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
        if (Files.isRegularFile(file)) {
          digest.update(Files.readAllBytes(file));
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
