package dev.floe.local.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.local.LocalException;
import dev.floe.local.home.FileNames;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.python.PythonEnvironments;
import dev.floe.local.python.PythonInterpreter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The image names that mean something on this machine. */
public final class LocalImages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final PythonEnvironments environments;

  private LocalImages(Path root, PythonEnvironments environments) {
    this.root = root;
    this.environments = environments;
  }

  /** The images of this home. */
  public static LocalImages at(FloeHome home) {
    return new LocalImages(home.images(), PythonEnvironments.at(home));
  }

  /**
   * Defines an image, or defines it anew.
   *
   * @throws LocalException a folder or file that it names is not there
   */
  public ImageDefinition add(ImageDefinition definition) throws IOException {
    var absolute =
        new ImageDefinition(
            definition.image(),
            definition.source().toAbsolutePath().normalize(),
            definition.requirements().map(file -> file.toAbsolutePath().normalize()),
            definition.pythonPath().stream().map(p -> p.toAbsolutePath().normalize()).toList());
    if (absolute.image().isBlank()) {
      throw new LocalException("An image needs a name.", "Give it one, like floe.local/weather:1.");
    }
    requireFolder(absolute.source());
    absolute.pythonPath().forEach(LocalImages::requireFolder);
    absolute
        .requirements()
        .filter(file -> !Files.isRegularFile(file))
        .ifPresent(file -> {
          throw new LocalException(file + " is not a file.", "Name a file of requirements.");
        });
    PrivateFiles.write(file(absolute.image()), json(absolute));
    return absolute;
  }

  /** Every definition, by name. */
  public List<ImageDefinition> list() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    var found = new ArrayList<ImageDefinition>();
    try (var files = Files.newDirectoryStream(root, "*.json")) {
      for (var file : files) {
        read(file).ifPresent(found::add);
      }
    }
    found.sort(Comparator.comparing(ImageDefinition::image));
    return List.copyOf(found);
  }

  /** What a name stands for. */
  public Optional<ImageDefinition> find(String image) throws IOException {
    return read(file(image));
  }

  /**
   * Forgets a name.
   *
   * @return whether it was known
   */
  public boolean remove(String image) throws IOException {
    return Files.deleteIfExists(file(image));
  }

  /**
   * Makes what the image needs, where it is not there yet.
   *
   * @throws UnknownImageException nobody defined the name
   * @throws LocalException its environment can't be made
   */
  public LocalImage prepare(String image, Consumer<String> progress) throws IOException {
    var definition = find(image).orElseThrow(() -> new UnknownImageException(image));
    requireFolder(definition.source());
    var bin =
        definition
            .requirements()
            .map(file -> environments.prepare(file, progress).bin())
            .orElseGet(LocalImages::plainPython);
    var modules =
        definition.pythonPath().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    return new LocalImage(
        definition.source(), bin, modules.isEmpty() ? Map.of() : Map.of("PYTHONPATH", modules));
  }

  private static Path plainPython() {
    var folder = PythonInterpreter.find(System.getenv()).executable().getParent();
    if (folder == null) {
      throw new IllegalStateException("a Python without a folder");
    }
    return folder;
  }

  private static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new LocalException(
          folder + " is not a folder.", "Name the folder of the image's files.");
    }
  }

  private static String json(ImageDefinition definition) {
    var tree = JSON.createObjectNode();
    tree.put("image", definition.image());
    tree.put("source", definition.source().toString());
    definition.requirements().ifPresent(file -> tree.put("requirements", file.toString()));
    var folders = tree.putArray("pythonPath");
    definition.pythonPath().forEach(folder -> folders.add(folder.toString()));
    return tree.toPrettyString() + "\n";
  }

  private static Optional<ImageDefinition> read(Path file) throws IOException {
    var text = PrivateFiles.read(file);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var tree = JSON.readTree(text.get());
    var folders = new ArrayList<Path>();
    tree.path("pythonPath").forEach(folder -> folders.add(path(folder)));
    return Optional.of(
        new ImageDefinition(
            tree.path("image").asText(),
            path(tree.path("source")),
            Optional.ofNullable(tree.get("requirements")).map(LocalImages::path),
            folders));
  }

  private static Path path(JsonNode node) {
    return FileNames.path("The image", node.asText());
  }

  private Path file(String image) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = HexFormat.of().formatHex(digest.digest(image.getBytes(StandardCharsets.UTF_8)));
      return root.resolve(hash.substring(0, 16) + ".json");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
