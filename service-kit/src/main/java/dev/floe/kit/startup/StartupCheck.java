package dev.floe.kit.startup;

import java.util.List;

/** Something about the configuration that is looked at before the service starts. */
public interface StartupCheck {
  /** What is unsafe, each with the key to change; empty when nothing is. */
  List<String> findings();
}
