package dev.floe.local.home;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Files and folders that only their owner may read, written whole or not at all. */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> AS_FILE =
      PosixFilePermissions.asFileAttribute(FILE);
  private static final FileAttribute<Set<PosixFilePermission>> AS_FOLDER =
      PosixFilePermissions.asFileAttribute(FOLDER);
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,250}");

  private static final Pattern DRAFT = Pattern.compile("\\..+-(\\d{6,}|[0-9a-f-]{36})(\\.tmp)?");

  private PrivateFiles() {}

  /** Makes the folder and its missing parents, mode 0700; one that is there is left as it is. */
  public static Path createFolder(Path folder) throws IOException {
    return Files.createDirectories(folder, AS_FOLDER);
  }

  /**
   * A new, empty folder beside the given one, to be renamed to it when it is whole. Drafts that
   * somebody who was killed left there a day ago are removed.
   */
  public static Path createDraft(Path folder) throws IOException {
    var parent = createFolder(parent(folder));
    removeOldDrafts(parent);
    return Files.createTempDirectory(parent, "." + folder.getFileName() + "-", AS_FOLDER);
  }

  /** Writes the file whole or not at all, mode 0600. */
  public static void write(Path file, String content) throws IOException {
    var draft = draft(file, content);
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * Writes the file unless it is there already.
   *
   * @return whether this call wrote it; of several at once, one does
   */
  public static boolean writeOnce(Path file, String content) throws IOException {
    if (Files.exists(file)) {
      return false;
    }
    var draft = draft(file, content);
    try {
      Files.createLink(file, draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** The file's text, if there is such a file. */
  public static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Removes a folder with all that is in it; never follows a link out of it. */
  public static void deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        deleteFolder(entry);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(folder);
  }

  /** A name that is safe as one path segment; fails on anything else. */
  public static String segment(String name) {
    if (!SEGMENT.matcher(name).matches()) {
      throw new IllegalArgumentException("not usable as a file name: " + name);
    }
    return name;
  }

  private static void removeOldDrafts(Path parent) throws IOException {
    var old = Instant.now().minus(Duration.ofDays(1));
    try (var entries = Files.newDirectoryStream(parent, PrivateFiles::isDraft)) {
      for (var entry : entries) {
        if (Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(old)) {
          deleteFolder(entry);
        }
      }
    } catch (NoSuchFileException e) {
      // somebody else removed it
    }
  }

  private static boolean isDraft(Path path) {
    return DRAFT.matcher(String.valueOf(path.getFileName())).matches();
  }

  private static Path draft(Path file, String content) throws IOException {
    var parent = createFolder(parent(file));
    var draft = Files.createTempFile(parent, "." + file.getFileName() + "-", ".tmp", AS_FILE);
    try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE);
        var out = Channels.newOutputStream(channel)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
      channel.force(true);
      return draft;
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
  }

  private static Path parent(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("has no parent: " + file);
    }
    return parent;
  }
}
