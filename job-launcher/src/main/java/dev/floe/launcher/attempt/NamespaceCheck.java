package dev.floe.launcher.attempt;

import dev.floe.contract.run.RunRequest;
import java.util.Optional;

/** Asks whether a run's domain still belongs to its platform. */
@FunctionalInterface
public interface NamespaceCheck {
  /**
   * Blocks; called on a virtual thread.
   *
   * @return what is known against it, in words; empty where the domain is declared or nobody knows
   */
  Optional<String> undeclared(RunRequest request);
}
