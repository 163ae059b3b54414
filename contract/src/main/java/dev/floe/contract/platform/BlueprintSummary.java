package dev.floe.contract.platform;

import java.util.List;

/**
 * A system that can be deployed.
 *
 * @param kinds of plugins that it can be
 * @param provides capabilities that others may require
 * @param requires capabilities; with a question mark where it runs without them too
 * @param runtimes in which it runs: kubernetes, local
 * @param own whether its blueprint is the operator's own and not one that floe comes with
 */
public record BlueprintSummary(
    String system,
    String version,
    List<String> kinds,
    List<String> provides,
    List<String> requires,
    List<String> runtimes,
    boolean own) {
  public BlueprintSummary {
    kinds = List.copyOf(kinds);
    provides = List.copyOf(provides);
    requires = List.copyOf(requires);
    runtimes = List.copyOf(runtimes);
  }
}
