package dev.floe.local.home;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Turns what the file system answers into words for people. */
public final class Failures {

  /** What operating systems say, what {@link #words} makes of it, and what pip passes on. */
  private static final List<String> FULL =
      List.of("no space left", "quota exceeded", "the disk is full");

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

  /** Whether a file system or a quota is used up, as the failure or one of its causes says. */
  public static boolean isDiskFull(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      var text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (FULL.stream().anyMatch(text::contains)) {
        return true;
      }
    }
    return false;
  }
}
