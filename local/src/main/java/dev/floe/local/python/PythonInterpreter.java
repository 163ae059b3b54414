package dev.floe.local.python;

import dev.floe.local.LocalException;
import dev.floe.local.command.Command;
import dev.floe.local.home.FileNames;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Python of this machine.
 *
 * @param executable absolute path of the interpreter itself, not of a wrapper around it
 * @param minor second number of its version 3.x
 */
public record PythonInterpreter(Path executable, int minor) {
  /** The oldest minor version of Python 3 that floe works with. */
  public static final int OLDEST = 10;

  /** The newest minor version of Python 3 for which the locked packages exist. */
  public static final int NEWEST = 13;

  private static final String QUESTION =
      "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)";
  private static final Map<String, PythonInterpreter> FOUND = new ConcurrentHashMap<>();

  /**
   * The Python named by FLOE_PYTHON, or the first on the PATH that is new enough; one that is newer
   * than {@link #NEWEST} only where there is no other.
   *
   * @throws LocalException there is none
   */
  public static PythonInterpreter find(Map<String, String> environment) {
    var named = environment.getOrDefault("FLOE_PYTHON", "");
    var path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    return FOUND.computeIfAbsent(named + "\n" + path, _ -> search(named, path));
  }

  private static PythonInterpreter search(String named, String path) {
    if (!named.isBlank()) {
      return ask(FileNames.path("FLOE_PYTHON", named))
          .orElseThrow(() ->
              new LocalException(
                  "FLOE_PYTHON names "
                      + named
                      + ", which is not a Python 3."
                      + OLDEST
                      + " or newer.",
                  "Set FLOE_PYTHON to the path of a Python 3." + OLDEST + " or newer."));
    }
    var found =
        candidates(path).stream().map(PythonInterpreter::ask).flatMap(Optional::stream).toList();
    return found.stream()
        .filter(python -> python.minor <= NEWEST)
        .findFirst()
        .or(() -> found.stream().findFirst())
        .orElseThrow(() ->
            new LocalException(
                "There is no Python 3." + OLDEST + " or newer on this machine.",
                "Install one (Debian, Ubuntu: apt install python3 python3-venv; Fedora: dnf"
                    + " install python3; macOS: brew install python@3.13) or set FLOE_PYTHON."));
  }

  private static List<Path> candidates(String path) {
    var newestFirst =
        IntStream.rangeClosed(OLDEST, NEWEST)
            .map(minor -> NEWEST + OLDEST - minor)
            .mapToObj(minor -> "python3." + minor);
    var names = Stream.concat(Stream.of("python3"), newestFirst).toList();
    var found = new ArrayList<Path>();
    for (var name : names) {
      for (var folder : path.split(File.pathSeparator, -1)) {
        if (FileNames.isPath(folder)) {
          var file = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
          if (Files.isExecutable(file)) {
            found.add(file);
          }
        }
      }
    }
    return found;
  }

  private static Optional<PythonInterpreter> ask(Path file) {
    try {
      var answer =
          Command.of(List.of(file.toString(), "-I", "-c", QUESTION)).run(Duration.ofSeconds(30));
      var words = answer.output().strip().split(" ", 3);
      if (answer.exitCode() != 0 || words.length < 3 || !words[0].equals("3")) {
        return Optional.empty();
      }
      var minor = Integer.parseInt(words[1]);
      return minor < OLDEST
          ? Optional.empty()
          : Optional.of(new PythonInterpreter(Path.of(words[2]), minor));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
