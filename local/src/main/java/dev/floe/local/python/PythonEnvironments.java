package dev.floe.local.python;

import dev.floe.local.LocalException;
import dev.floe.local.command.Command;
import dev.floe.local.home.Failures;
import dev.floe.local.home.FileNames;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.FolderLock;
import dev.floe.local.home.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Environments made once from hash-locked requirements and then used without a network. */
public final class PythonEnvironments {
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final String MARKER = "floe-complete";

  private final Path root;
  private final Map<String, String> environment;

  private PythonEnvironments(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = Map.copyOf(environment);
  }

  /** The environments of this home. */
  public static PythonEnvironments at(FloeHome home) {
    return at(home, System.getenv());
  }

  /**
   * The environments of this home, with the variables that say which Python and tools there are.
   */
  public static PythonEnvironments at(FloeHome home, Map<String, String> environment) {
    return new PythonEnvironments(home.environments(), environment);
  }

  /** The environment of these requirements, if it was made already. */
  public Optional<PythonEnvironment> find(Path requirements) {
    var folder = folder(requirements, PythonInterpreter.find(environment));
    return isComplete(folder) ? Optional.of(new PythonEnvironment(folder)) : Optional.empty();
  }

  /**
   * The environment of these requirements, made where it is not there yet; of several calls at once
   * one makes it and the others wait. What an interrupted call left is removed and made anew.
   *
   * @param requirements a file in pip's format, every line locked with hashes
   * @param progress hears what takes long
   * @throws LocalException it can't be made; says what to install or change
   */
  public PythonEnvironment prepare(Path requirements, Consumer<String> progress) {
    var python = PythonInterpreter.find(environment);
    var folder = folder(requirements, python);
    if (isComplete(folder)) {
      return new PythonEnvironment(folder);
    }
    try (var _ = FolderLock.acquire(root.resolve(folder.getFileName() + ".lock"))) {
      if (!isComplete(folder)) {
        make(folder, requirements, python, progress);
      }
      return new PythonEnvironment(folder);
    } catch (IOException e) {
      throw new LocalException(
          "The Python environment for " + requirements + " can't be made: " + Failures.words(e),
          Failures.action(e, root, "Look at the permissions of " + root + "."),
          e);
    }
  }

  private void make(
      Path folder, Path requirements, PythonInterpreter python, Consumer<String> progress)
      throws IOException {
    progress.accept("Installing Python packages of " + requirements);
    PrivateFiles.deleteFolder(folder);
    PrivateFiles.createFolder(folder);
    var made = new PythonEnvironment(folder);
    var uv = onPath("uv");
    if (python.minor() > PythonInterpreter.NEWEST && uv.isEmpty()) {
      throw new LocalException(
          "%s is Python 3.%d; the locked packages exist for 3.%d to 3.%d."
              .formatted(
                  python.executable(),
                  python.minor(),
                  PythonInterpreter.OLDEST,
                  PythonInterpreter.NEWEST),
          "Install one of these beside it (python3.13, or uv, which fetches it by itself), or set"
              + " FLOE_PYTHON.");
    }
    if (uv.isPresent()) {
      var tool = uv.get().toString();
      var wanted =
          python.minor() > PythonInterpreter.NEWEST
              ? "3." + PythonInterpreter.NEWEST
              : python.executable().toString();
      run(requirements, tool, "venv", "-q", "--python", wanted, folder.toString());
      run(
          requirements,
          List.of(
              tool,
              "pip",
              "install",
              "-q",
              "--compile-bytecode",
              "--python",
              made.python().toString()),
          List.of("--require-hashes", "--only-binary", ":all:", "-r", requirements.toString()));
    } else {
      run(requirements, python.executable().toString(), "-I", "-m", "venv", folder.toString());
      run(
          requirements,
          List.of(made.python().toString(), "-I", "-m", "pip", "install", "-q", "--no-input"),
          List.of(
              "--disable-pip-version-check",
              "--require-hashes",
              "--only-binary",
              ":all:",
              "-r",
              requirements.toString()));
    }
    PrivateFiles.write(folder.resolve(MARKER), requirements + "\n");
  }

  private static void run(Path requirements, String... words) throws IOException {
    run(requirements, List.of(words), List.of());
  }

  private static void run(Path requirements, List<String> command, List<String> arguments)
      throws IOException {
    var words = new ArrayList<>(command);
    words.addAll(arguments);
    var answer = Command.of(words).withEnvironment(Map.of("PYTHONNOUSERSITE", "1")).run(LIMIT);
    if (answer.exitCode() != 0) {
      throw new LocalException(
          "The Python environment for "
              + requirements
              + " can't be made: "
              + String.join(" ", command.subList(0, Math.min(4, command.size())))
              + " failed:\n"
              + answer.lastLines(8),
          action(answer.output()));
    }
  }

  private static String action(String output) {
    if (output.contains("No space left")) {
      return "Free some space on the disk.";
    }
    if (output.contains("ensurepip") || output.contains("No module named pip")) {
      return "Python's venv module is incomplete here: install it (Debian, Ubuntu: apt install"
          + " python3-venv) or install uv.";
    }
    if (output.contains("Temporary failure in name resolution")
        || output.contains("ConnectionError")
        || output.contains("NewConnectionError")
        || output.contains("error sending request")
        || output.contains("dns error")) {
      return "The package index can't be reached: the first time needs a network (behind a proxy set"
          + " HTTPS_PROXY, for a mirror set PIP_INDEX_URL or UV_INDEX_URL).";
    }
    if (output.contains("No matching distribution")
        || output.contains("no wheels")
        || output.contains("DO NOT MATCH THE HASHES")) {
      return "The locked versions don't fit this Python or this index: use another Python"
          + " (FLOE_PYTHON) or lock the requirements again.";
    }
    return "Look at the lines above.";
  }

  private Optional<Path> onPath(String program) {
    for (var entry : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && FileNames.isPath(entry)) {
        var file = Path.of(entry).resolve(program);
        if (Files.isExecutable(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isComplete(Path folder) {
    return Files.exists(folder.resolve(MARKER));
  }

  private Path folder(Path requirements, PythonInterpreter python) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(requirements));
      digest.update(python.executable().toString().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) python.minor());
      return root.resolve(HexFormat.of().formatHex(digest.digest()).substring(0, 16));
    } catch (IOException e) {
      throw new LocalException(
          "The requirements can't be read: " + Failures.words(e),
          "Name a file of locked requirements.",
          e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
