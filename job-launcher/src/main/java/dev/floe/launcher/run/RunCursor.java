package dev.floe.launcher.run;

import dev.floe.kit.problem.FloeException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The opaque cursor of a list of runs. */
final class RunCursor {
  private RunCursor() {}

  /** Continues after this run. */
  static String after(String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("1" + id).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @return the id after which the list continues; null without a cursor
   * @throws FloeException when it is not a cursor of this list
   */
  static @Nullable String read(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (text.startsWith("1") && RunId.isOne(text.substring(1))) {
        return text.substring(1);
      }
    } catch (IllegalArgumentException e) {
      // answered below like any other text that is not a cursor
    }
    throw FloeException.invalid("cursor", "is not a nextCursor of this list; begin without one");
  }
}
