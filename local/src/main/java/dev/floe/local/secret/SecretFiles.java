package dev.floe.local.secret;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.FolderLock;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Secrets by namespace and name, each one file of mode 0600; what was generated once is kept. */
public final class SecretFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;

  private SecretFiles(Path root) {
    this.root = root;
  }

  /** The secrets of this home. */
  public static SecretFiles at(FloeHome home) {
    return new SecretFiles(home.secrets());
  }

  /** All keys of a secret, sorted. */
  public Optional<Map<String, String>> find(String namespace, String name) throws IOException {
    var text = PrivateFiles.read(file(namespace, name));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var values = new TreeMap<String, String>();
    JSON.readTree(text.get())
        .properties()
        .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    return Optional.of(values);
  }

  /** One value of a secret. */
  public Optional<String> find(String namespace, String name, String key) throws IOException {
    return find(namespace, name).map(values -> values.get(key));
  }

  /** Writes the secret anew; it has these keys and no others afterwards. */
  public void put(String namespace, String name, Map<String, String> values) throws IOException {
    try (var _ = lock(namespace, name)) {
      write(namespace, name, values);
    }
  }

  /**
   * Adds what is missing and keeps every value that is there.
   *
   * @param missing for each key the secret must have, how to make its value up
   * @return the secret as it is now
   */
  public Map<String, String> generate(
      String namespace, String name, Map<String, Supplier<String>> missing) throws IOException {
    try (var _ = lock(namespace, name)) {
      var values = new TreeMap<>(find(namespace, name).orElse(Map.of()));
      var before = values.size();
      missing.forEach((key, maker) -> values.computeIfAbsent(key, k -> maker.get()));
      if (values.size() > before) {
        write(namespace, name, values);
      }
      return values;
    }
  }

  /** Removes the secret; none is fine too. */
  public void delete(String namespace, String name) throws IOException {
    Files.deleteIfExists(file(namespace, name));
  }

  private void write(String namespace, String name, Map<String, String> values) throws IOException {
    var tree = JSON.createObjectNode();
    new TreeMap<>(values).forEach(tree::put);
    PrivateFiles.write(file(namespace, name), tree.toPrettyString() + "\n");
  }

  private FolderLock lock(String namespace, String name) throws IOException {
    file(namespace, name);
    return FolderLock.acquire(root.resolve(".lock"));
  }

  private Path file(String namespace, String name) {
    return root.resolve(PrivateFiles.segment(namespace))
        .resolve(PrivateFiles.segment(name) + ".json");
  }
}
