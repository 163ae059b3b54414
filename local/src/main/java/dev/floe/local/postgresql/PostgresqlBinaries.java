package dev.floe.local.postgresql;

import dev.floe.local.LocalException;
import dev.floe.local.home.Failures;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.FolderLock;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The programs of one PostgreSQL version, unpacked once per home.
 *
 * @param folder with bin, lib and share
 */
record PostgresqlBinaries(Path folder) {
  private static final int EXECUTABLE = 0100;

  /**
   * Finds them in the home, or unpacks them from the archive that is part of this program.
   *
   * @throws LocalException they are in neither place, or can't be unpacked
   */
  static PostgresqlBinaries at(FloeHome home) {
    var folder = home.postgresql().resolve(version());
    try (var _ = FolderLock.acquire(home.postgresql().resolve("lock"))) {
      if (!Files.isDirectory(folder)) {
        unpack(folder);
      }
      return new PostgresqlBinaries(folder);
    } catch (IOException e) {
      throw new LocalException(
          "PostgreSQL can't be unpacked into " + folder + ": " + Failures.words(e),
          Failures.action(e, folder, "Look at the permissions of " + home.root() + "."),
          e);
    }
  }

  Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  private static void unpack(Path folder) throws IOException {
    var name = archive();
    try (var in = PostgresqlBinaries.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new LocalException(
            "PostgreSQL "
                + version()
                + " for this machine is neither unpacked nor part of this program.",
            "Run floe local up once, which brings it along.");
      }
      var draft = PrivateFiles.createDraft(folder);
      try {
        unpack(in, draft);
        Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        PrivateFiles.deleteFolder(draft);
      }
    }
  }

  private static void unpack(InputStream in, Path folder) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("an entry outside of the folder: " + entry.getName());
        }
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      PrivateFiles.createFolder(target);
      return;
    }
    if (target.getParent() != null) {
      PrivateFiles.createFolder(target.getParent());
    }
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
    if ((entry.getMode() & EXECUTABLE) != 0 && !target.toFile().setExecutable(true, true)) {
      throw new IOException("can't be made executable: " + target);
    }
  }

  private static String archive() {
    var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var arm = System.getProperty("os.arch").equals("aarch64");
    return "postgres-"
        + (system.contains("mac") ? "darwin" : "linux")
        + (arm ? "-arm_64" : "-x86_64")
        + ".txz";
  }

  private static String version() {
    var properties = new Properties();
    try (var in = PostgresqlBinaries.class.getResourceAsStream("binaries.properties")) {
      if (in == null) {
        throw new IllegalStateException("binaries.properties is not part of this program");
      }
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
