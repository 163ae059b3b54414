package dev.floe.platform.blueprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Blueprints of an operator's own: a folder with a folder for each system, of at most {@value
 * #FILES_MAX} files and {@value #BYTES_MAX} bytes in all.
 */
public final class BlueprintFolder {
  /** Most files in a folder of blueprints. */
  public static final int FILES_MAX = 500;

  /** Most bytes of all files in a folder of blueprints. */
  public static final int BYTES_MAX = 500_000;

  /** No part begins with a dot. */
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){1,3}");

  private final Map<String, String> files;

  private BlueprintFolder(Map<String, String> files) {
    this.files = new TreeMap<>(files);
  }

  public static BlueprintFolder none() {
    return new BlueprintFolder(Map.of());
  }

  /**
   * @param files texts by path, for example {@code redis/blueprint.yaml}; none is null
   * @throws BlueprintException when it is too large, or a path leads out of it
   */
  public static BlueprintFolder of(Map<String, String> files) {
    long bytes = 0;
    for (var file : files.entrySet()) {
      if (!PATH.matcher(file.getKey()).matches()) {
        throw new BlueprintException(
            "a path is not that of a blueprint's file: write SYSTEM/FILE or SYSTEM/FOLDER/FILE,"
                + " of letters, digits, '-', '_' and '.'");
      }
      bytes += file.getValue().length();
    }
    if (files.size() > FILES_MAX || bytes > BYTES_MAX) {
      throw new BlueprintException(
          "there are %d files of %d characters; the maximum is %d of %d"
              .formatted(files.size(), bytes, FILES_MAX, BYTES_MAX));
    }
    return new BlueprintFolder(files);
  }

  /**
   * Reads a folder.
   *
   * @throws BlueprintException when there is none, or it is too large
   */
  public static BlueprintFolder read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BlueprintException("there is no folder " + folder);
    }
    var files = new TreeMap<String, String>();
    long bytes = 0;
    try (var found = Files.walk(folder)) {
      for (var file : (Iterable<Path>) found::iterator) {
        var name = folder.relativize(file).toString();
        // the second is how Kubernetes keeps the former content of a mounted ConfigMap
        if (!Files.isRegularFile(file) || name.startsWith(".") || name.contains("/..")) {
          continue;
        }
        bytes += Files.size(file);
        if (files.size() >= FILES_MAX || bytes > BYTES_MAX) {
          throw new BlueprintException(
              "%s has more than %d files or %d bytes".formatted(folder, FILES_MAX, BYTES_MAX));
        }
        files.put(name, Files.readString(file));
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BlueprintException("%s cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
    return new BlueprintFolder(files);
  }

  /** Names of the systems. */
  Set<String> systems() {
    var systems = new TreeSet<String>();
    for (var file : files.keySet()) {
      int slash = file.indexOf('/');
      if (slash > 0) {
        systems.add(file.substring(0, slash));
      }
    }
    return systems;
  }

  /** The text of a file; null where there is none. */
  @Nullable String text(String system, String file) {
    return files.get(system + "/" + file);
  }
}
