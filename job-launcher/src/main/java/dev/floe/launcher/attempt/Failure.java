package dev.floe.launcher.attempt;

import dev.floe.kit.database.DatabaseUnavailableException;
import dev.floe.launcher.runtime.AccessLostException;
import dev.floe.launcher.runtime.RuntimeUnavailableException;

/**
 * A step of an attempt that failed.
 *
 * @param kind what kind of failure it is
 * @param namespaceMissing whether the runtime says that the attempt's namespace does not exist
 * @param message what was met, in words
 */
public record Failure(Kind kind, boolean namespaceMissing, String message) {
  /** Kinds of failures; the names are stored. */
  public enum Kind {
    /** The runtime answers, but denies access to the attempt's namespace. */
    DENIED,
    /** The runtime cannot be reached or does not answer as it should. */
    UNAVAILABLE,
    /** The database is away or too slow; says nothing about the attempt and is never stored. */
    DATABASE,
    /** Anything else, an {@code Error} included. */
    UNEXPECTED
  }

  static Failure of(Throwable thrown) {
    if (thrown instanceof AccessLostException lost) {
      return new Failure(Kind.DENIED, lost.namespaceMissing(), words(thrown));
    }
    if (thrown instanceof RuntimeUnavailableException) {
      return new Failure(Kind.UNAVAILABLE, false, words(thrown));
    }
    if (thrown instanceof DatabaseUnavailableException) {
      return new Failure(Kind.DATABASE, false, words(thrown));
    }
    var name = thrown.getClass().getSimpleName();
    var message = thrown.getMessage();
    return new Failure(Kind.UNEXPECTED, false, message == null ? name : name + ": " + message);
  }

  private static String words(Throwable thrown) {
    return String.valueOf(thrown.getMessage());
  }
}
