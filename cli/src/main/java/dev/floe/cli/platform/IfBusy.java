package dev.floe.cli.platform;

import java.util.Locale;

/** What a deploy does while another release of its platform is under way. */
public enum IfBusy {
  /** It takes its place. */
  REPLACE,
  /** It begins when the other has ended. */
  WAIT,
  /** It is not accepted. */
  REFUSE;

  /** As it is written and sent. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return word();
  }
}
