package dev.floe.local.home;

import dev.floe.local.LocalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder that holds everything floe keeps on this machine, readable by its owner only.
 *
 * @param root absolute path of the folder
 */
public record FloeHome(Path root) {

  /**
   * The folder named by FLOE_HOME, or {@code .floe} in the user's home; made if it is not there.
   *
   * @throws LocalException there is no such place, or it can't be used
   */
  public static FloeHome of(Map<String, String> environment) {
    return at(locate(environment));
  }

  /**
   * Where the folder is, whether or not it is there: FLOE_HOME, else {@code .floe} in HOME, else in
   * the home folder of the user's entry in the password database.
   *
   * @throws LocalException none of them is known
   */
  public static Path locate(Map<String, String> environment) {
    var named = environment.getOrDefault("FLOE_HOME", "");
    if (!named.isBlank()) {
      return FileNames.path("FLOE_HOME", named);
    }
    var home = environment.getOrDefault("HOME", "");
    if (!home.isBlank()) {
      return FileNames.path("HOME", home).resolve(".floe");
    }
    var user = System.getProperty("user.home", "");
    if (user.isBlank() || user.equals("?")) {
      throw new LocalException(
          "There is no folder to keep things in: HOME is not set, and this user has no entry in the"
              + " password database.",
          "Set FLOE_HOME to a folder that you may write to.");
    }
    return FileNames.path("The user's home", user).resolve(".floe");
  }

  /** The given folder, made if it is not there. */
  public static FloeHome at(Path root) {
    var home = new FloeHome(root.toAbsolutePath().normalize());
    try {
      PrivateFiles.createFolder(home.root);
    } catch (IOException e) {
      throw new LocalException(
          "The folder " + home.root + " can't be used: " + Failures.words(e),
          Failures.action(e, home.root, "Set FLOE_HOME to a folder that you may write to."),
          e);
    }
    return home;
  }

  /** Bearer token of the REST interfaces. */
  public Path token() {
    return root.resolve("token");
  }

  /** Token that senders of OTLP need. */
  public Path telemetryToken() {
    return root.resolve("telemetry-token");
  }

  /** Where the services of this machine listen. */
  public Path endpoints() {
    return root.resolve("endpoints.json");
  }

  /** Held while the suite is brought up or down. */
  public Path lock() {
    return root.resolve("lock");
  }

  /** Files that floe unpacks for its own use. */
  public Path lib() {
    return root.resolve("lib");
  }

  /** Supervised folder of one of the suite's own processes. */
  public Path service(String name) {
    return root.resolve("run").resolve(segment(name));
  }

  /** Unpacked binaries of PostgreSQL, one folder per version. */
  public Path postgresql() {
    return root.resolve("postgresql");
  }

  /** Data that outlives the processes that use it. */
  public Path data(String name) {
    return root.resolve("data").resolve(segment(name));
  }

  /** Folder of one component of a platform. */
  public Path component(String platform, String component) {
    return root.resolve("platforms").resolve(segment(platform)).resolve(segment(component));
  }

  /** Parent of all attempts' folders. */
  public Path attempts() {
    return root.resolve("attempts");
  }

  /** Definitions of local images. */
  public Path images() {
    return root.resolve("images");
  }

  /** Secrets, as namespace and name. */
  public Path secrets() {
    return root.resolve("secrets");
  }

  /** Python environments. */
  public Path environments() {
    return root.resolve("venv");
  }

  private static String segment(String name) {
    return PrivateFiles.segment(name);
  }
}
