package dev.floe.platform.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a plan depends on of the place where it is to run. Throws what {@link PlatformRuntime} says.
 */
public interface RuntimeFacts {
  /** {@code kubernetes} or {@code local}. */
  String name();

  /** What blueprints may refer to besides the manifest. */
  ObjectNode facts(String platform);

  /**
   * Whether objects of a kind can be made here.
   *
   * @param kind {@code group/version/Kind}, of the core group {@code version/Kind}
   */
  boolean serves(String kind);

  /** A port of this machine that stays with the component. */
  int port(String platform, String component, String name);
}
