package dev.floe.local.home;

import dev.floe.local.LocalException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Paths from text that people or other programs wrote.
 *
 * <p>The JVM reads and writes the names of files in the character set of its locale. What this set
 * does not have becomes a replacement character on its way in and an {@link InvalidPathException}
 * on its way out; both end here in one sentence, before a folder called {@code ?} is made.
 */
public final class FileNames {
  private static final char REPLACEMENT = '\ufffd';

  private FileNames() {}

  /**
   * The path.
   *
   * @param what whose path it is, for example {@code FLOE_HOME}
   * @throws LocalException the locale can't express it; names the character set and what to set
   */
  public static Path path(String what, String text) {
    if (text.indexOf(REPLACEMENT) < 0) {
      try {
        return Path.of(text);
      } catch (InvalidPathException e) {
        throw new LocalException(sentence(what, text), action(), e);
      }
    }
    throw new LocalException(sentence(what, text), action());
  }

  /** Whether it is the path of anything; an entry of PATH that is not is passed over. */
  public static boolean isPath(String text) {
    try {
      var _ = Path.of(text);
      return true;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String sentence(String what, String text) {
    return text.indexOf('\0') >= 0
        ? "%s holds a character that no file name may have.".formatted(what)
        : "%s names %s, which this locale can't express: its character set is %s."
            .formatted(what, text, System.getProperty("sun.jnu.encoding"));
  }

  private static String action() {
    return "Set LC_ALL=C.UTF-8, or another locale with UTF-8.";
  }
}
