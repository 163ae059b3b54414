package dev.floe.cli.output;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the place where words appear can show.
 *
 * @param color whether escape sequences for colour are wanted
 * @param live whether a line may be written over, because somebody watches
 */
public record Terminal(boolean color, boolean live) {
  /** A file, a pipe, a test. */
  public static final Terminal PLAIN = new Terminal(false, false);

  private static final String RESET = "\u001b[0m";
  private static final Pattern GOOD = Pattern.compile("\\b(SUCCEEDED|DEPLOYED)\\b");
  private static final Pattern BAD = Pattern.compile("\\b(FAILED|ROLLED_BACK|ABORTED)\\b");

  /**
   * @param terminal whether the stream ends at a terminal
   * @param noColor whether the user asked for plain text
   */
  public static Terminal of(boolean terminal, boolean noColor, Map<String, String> environment) {
    if (!terminal || "dumb".equals(environment.get("TERM"))) {
      return PLAIN;
    }
    var plain = noColor || !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(!plain, true);
  }

  public String dim(String text) {
    return paint("2", text);
  }

  public String bold(String text) {
    return paint("1", text);
  }

  public String good(String text) {
    return paint("32", text);
  }

  public String bad(String text) {
    return paint("31", text);
  }

  /** Colours the names of states in a line. */
  String states(String line) {
    if (!color) {
      return line;
    }
    var good = GOOD.matcher(line).replaceAll(match -> good(match.group()));
    return BAD.matcher(good).replaceAll(match -> bad(match.group()));
  }

  private String paint(String code, String text) {
    return color ? "\u001b[" + code + "m" + text + RESET : text;
  }
}
