package dev.floe.platform.runtime.local;

import dev.floe.local.image.LocalImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says whether the files of a local image have changed, so that a process that has loaded them is
 * started again. Looks at names, sizes and times, not at contents.
 */
final class ContentHash {
  private static final Set<String> LEFT_OUT =
      Set.of("__pycache__", ".git", ".venv", "node_modules", ".pytest_cache", "target", "data");
  private static final int MOST_FILES = 20_000;

  private ContentHash() {}

  static String of(LocalImage image) throws IOException {
    var files = new TreeSet<String>();
    collect(image.source(), files);
    for (var folder :
        image.environment().getOrDefault("PYTHONPATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        collect(Path.of(folder), files);
      }
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      files.forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void collect(Path folder, Set<String> files) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            var name = path.getFileName();
            return name != null && LEFT_OUT.contains(name.toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            files.add(
                "%s %d %s\n".formatted(path, attributes.size(), attributes.lastModifiedTime()));
            return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
