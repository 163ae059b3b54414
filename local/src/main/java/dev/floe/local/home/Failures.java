package dev.floe.local.home;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns what the file system answers into words for people. */
public final class Failures {

  private Failures() {}

  /** What happened, with the file concerned. */
  public static String words(IOException failure) {
    if (isDiskFull(failure)) {
      return "the disk is full";
    }
    return switch (failure) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException there -> there.getFile() + ": is a file, not a folder";
      case NotDirectoryException file -> file.getFile() + ": is a file, not a folder";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      default -> String.valueOf(failure.getMessage());
    };
  }

  /** What to do: free space where the disk is full, otherwise the given advice. */
  public static String action(IOException failure, Path place, String otherwise) {
    return isDiskFull(failure) ? "Free some space on the disk of " + place + "." : otherwise;
  }

  /** Whether a file system or a quota is used up. */
  public static boolean isDiskFull(IOException failure) {
    var text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("quota exceeded");
  }
}
