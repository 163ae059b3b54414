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

  /**
   * @throws IllegalStateException when the file cannot be read; the message never holds what stands
   *     in it
   */
  HeaderSource(Map<String, String> fixed, Optional<Path> file) {
    this.fixed = Map.copyOf(fixed);
    this.file = file;
    this.all = this.fixed;
    if (file.isPresent()) {
      try {
        load(file.get());
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
        if (!Files.getLastModifiedTime(file.get()).equals(modified)) {
          load(file.get());
        }
      } catch (IOException | IllegalStateException e) {
        LOG.warnf("Keeping the headers read before: %s", e.getMessage());
      }
    }
    return all;
  }

  private void load(Path path) throws IOException {
    var read = new LinkedHashMap<String, String>();
    fixed.forEach((name, value) -> read.put(name.toLowerCase(Locale.ROOT), value));
    var changedAt = Files.getLastModifiedTime(path);
    read.putAll(parse(path, Files.readString(path)));
    all = Map.copyOf(read);
    modified = changedAt;
  }

  static Map<String, String> parse(Path path, String text) {
    var headers = new LinkedHashMap<String, String>();
    for (var pair : text.split("[,\n]", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalStateException(path + " must hold name=value on each line");
      }
      headers.put(
          pair.substring(0, equals).strip().toLowerCase(Locale.ROOT),
          pair.substring(equals + 1).strip());
    }
    return headers;
  }
}
