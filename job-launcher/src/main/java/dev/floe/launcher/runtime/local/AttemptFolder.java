package dev.floe.launcher.runtime.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The folder of one attempt.
 *
 * @param path absolute
 */
record AttemptFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IDENTITY = "attempt.json";

  /**
   * Whose folder it is.
   *
   * @param ref the attempt
   * @param epoch of the claim that made it
   */
  record Identity(AttemptRef ref, long epoch) {}

  static AttemptFolder of(FloeHome home, AttemptRef ref) {
    return new AttemptFolder(home.attempts().resolve(PrivateFiles.segment(ref.name())));
  }

  Path work() {
    return path.resolve("work");
  }

  Path home() {
    return path.resolve("home");
  }

  Path tmp() {
    return path.resolve("tmp");
  }

  /**
   * Fills a draft of the folder: the image's files to work in, a home, a place for temporary files.
   */
  static void fill(Path draft, Path source, Identity identity) throws IOException {
    var folder = new AttemptFolder(draft);
    PrivateFiles.createFolder(folder.home());
    PrivateFiles.createFolder(folder.tmp());
    copy(source, folder.work());
    var tree = JSON.createObjectNode();
    tree.put("namespace", identity.ref().namespace());
    tree.put("runId", identity.ref().runId());
    tree.put("number", identity.ref().number());
    tree.put("epoch", identity.epoch());
    PrivateFiles.write(draft.resolve(IDENTITY), tree.toPrettyString() + "\n");
  }

  Optional<Identity> identity() throws IOException {
    var text = PrivateFiles.read(path.resolve(IDENTITY));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var tree = JSON.readTree(text.get());
    var ref =
        new AttemptRef(
            tree.path("namespace").asText(),
            tree.path("runId").asText(),
            tree.path("number").asInt());
    return Optional.of(new Identity(ref, tree.path("epoch").asLong()));
  }

  private static void copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            PrivateFiles.createFolder(target.resolve(source.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, target.resolve(source.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
