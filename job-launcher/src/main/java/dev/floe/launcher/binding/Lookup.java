package dev.floe.launcher.binding;

import dev.floe.contract.platform.Bindings;

/** What is known of a platform's bindings for one domain. */
public sealed interface Lookup {
  /**
   * @param current false where platform-manager cannot be reached and this is what it said last
   */
  record Known(Bindings bindings, boolean current) implements Lookup {}

  /** platform-manager knows no such platform, or no such domain of it. */
  record Unknown(String detail) implements Lookup {}

  /** platform-manager cannot be reached and never said anything about it. */
  record Unreachable(String detail) implements Lookup {}
}
