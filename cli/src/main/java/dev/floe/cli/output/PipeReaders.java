package dev.floe.cli.output;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The processes that read the pipe into which this process writes, as Linux shows them below {@code
 * /proc}.
 *
 * <p>A writer learns only by writing that nobody reads any more, and the JDK has no way to ask.
 * Only processes of the same user can be seen: where none is seen in the beginning, none is ever
 * held to be gone.
 */
final class PipeReaders {
  private static final Path PROCESSES = Path.of("/proc");
  private static final long ACCESS_MODE = 3;
  private static final long WRITE_ONLY = 1;

  private final String pipe;
  private Set<Path> readers;

  private PipeReaders(String pipe, Set<Path> readers) {
    this.pipe = pipe;
    this.readers = readers;
  }

  /** The readers of a descriptor of this process; empty where it is not a pipe or none is seen. */
  static Optional<PipeReaders> of(int descriptor) {
    var pipe = target(descriptor(descriptor));
    if (!pipe.startsWith("pipe:")) {
      return Optional.empty();
    }
    var readers = find(pipe);
    return readers.isEmpty() ? Optional.empty() : Optional.of(new PipeReaders(pipe, readers));
  }

  static boolean isPipe(int descriptor) {
    return target(descriptor(descriptor)).startsWith("pipe:");
  }

  /** Whether those that were seen have ended or closed the pipe, and no other reads it. */
  boolean areGone() {
    if (readers.stream().anyMatch(reader -> target(reader).equals(pipe))) {
      return false;
    }
    if (readers.stream().anyMatch(PipeReaders::isHidden)) {
      return false; // it became another user's, as with sudo
    }
    readers = find(pipe);
    return readers.isEmpty();
  }

  private static Path descriptor(int number) {
    return PROCESSES.resolve("self/fd").resolve(String.valueOf(number));
  }

  private static Set<Path> find(String pipe) {
    var found = new HashSet<Path>();
    var self = String.valueOf(ProcessHandle.current().pid());
    try (var processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (var process : processes) {
        if (!String.valueOf(process.getFileName()).equals(self)) {
          addReaders(process, pipe, found);
        }
      }
    } catch (IOException e) {
      return Set.of(); // not Linux, or /proc is not there
    }
    return found;
  }

  private static void addReaders(Path process, String pipe, Set<Path> found) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        if (target(descriptor).equals(pipe) && isRead(process, descriptor)) {
          found.add(descriptor);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // it has ended, or is another user's
    }
  }

  private static boolean isRead(Path process, Path descriptor) {
    try (var lines =
        Files.lines(process.resolve("fdinfo").resolve(String.valueOf(descriptor.getFileName())))) {
      return lines
          .filter(line -> line.startsWith("flags:"))
          .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip(), 8))
          .anyMatch(flags -> (flags & ACCESS_MODE) != WRITE_ONLY);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isHidden(Path descriptor) {
    var folder = descriptor.getParent();
    return folder != null && Files.exists(folder) && !Files.isReadable(folder);
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
