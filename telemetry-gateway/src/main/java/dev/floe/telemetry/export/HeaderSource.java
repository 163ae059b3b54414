package dev.floe.telemetry.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Headers of every request to one destination; those in a file are read again when it changes. */
final class HeaderSource {
  private static final Logger LOG = Logger.getLogger(HeaderSource.class);

  private final Map<String, String> fixed;
  private final Optional<Path> file;
  private Map<String, String> all;
  private FileTime modified = FileTime.fromMillis(0);
  private String lastProblem = "";

  /**
   * @throws IllegalStateException when the file cannot be read; the message never holds what stands
   *     in it
   */
  HeaderSource(Map<String, String> fixed, Optional<Path> file) {
    var lower = new LinkedHashMap<String, String>();
    fixed.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    this.fixed = Map.copyOf(lower);
    this.file = file;
    this.all = this.fixed;
    if (file.isPresent()) {
      try {
        load(file.get(), Files.getLastModifiedTime(file.get()));
      } catch (IOException e) {
        throw new IllegalStateException("cannot read the headers file " + file.get(), e);
      }
    }
  }

  /**
   * @return names in lower case, and values
   */
  synchronized Map<String, String> headers() {
    if (file.isPresent()) {
      try {
        var changedAt = Files.getLastModifiedTime(file.get());
        if (!changedAt.equals(modified)) {
          reload(file.get(), changedAt);
        }
      } catch (IOException e) {
        problem("cannot read the headers file: " + e.getMessage());
      }
    }
    return all;
  }

  private void problem(String words) {
    if (!words.equals(lastProblem)) {
      LOG.warnf("Keeping the headers read before: %s", words);
      lastProblem = words;
    }
  }

  private void reload(Path path, FileTime changedAt) throws IOException {
    try {
      load(path, changedAt);
    } catch (IllegalStateException e) {
      // A file that is wrong is not read again before it changes once more.
      modified = changedAt;
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void load(Path path, FileTime changedAt) throws IOException {
    var read = new LinkedHashMap<>(fixed);
    read.putAll(HeaderFile.read(path));
    all = Map.copyOf(read);
    modified = changedAt;
    lastProblem = "";
  }
}
