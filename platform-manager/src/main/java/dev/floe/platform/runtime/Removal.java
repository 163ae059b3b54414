package dev.floe.platform.runtime;

import java.util.List;

/**
 * What a removal came to. Only what floe applied for this platform is removed, never anything that
 * holds data: volumes, Secrets, namespaces.
 *
 * @param removed as {@code Kind/namespace/name}, or {@code Kind/component/name} on one machine
 * @param kept objects that are still there, each with the reason as a sentence
 */
public record Removal(List<String> removed, List<String> kept) {
  public Removal {
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
  }
}
