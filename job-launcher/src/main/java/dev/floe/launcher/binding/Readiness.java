package dev.floe.launcher.binding;

import dev.floe.contract.platform.Bindings;
import dev.floe.contract.platform.Bindings.Binding;
import dev.floe.contract.platform.Bindings.ComponentReadiness;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides whether the platform is ready for a run. Pure. */
public final class Readiness {
  private static final String ORCHESTRATOR = "orchestrator";

  /** Why a run waits whose platform or domain platform-manager does not know. */
  public static final String UNKNOWN = "platform-unknown";

  private static final String NOT_READY = "platform-not-ready:";

  private Readiness() {}

  /**
   * @param requires component kinds that must be available; null: those whose bindings the job
   *     inherits
   * @return why the run waits; empty where nothing keeps it
   */
  public static Optional<String> waitingFor(Lookup lookup, @Nullable List<String> requires) {
    return switch (lookup) {
      case Lookup.Unknown ignored -> Optional.of(UNKNOWN);
      case Lookup.Unreachable ignored -> Optional.of("platform-manager-unreachable");
      case Lookup.Known known when !known.current() -> Optional.empty();
      case Lookup.Known known when requires == null -> exporters(known.bindings());
      case Lookup.Known known -> required(known.bindings(), requires);
    };
  }

  /**
   * A kind that a run requires and that no component of its platform is of; waiting does not help.
   *
   * @return empty where there is none, or where the platform as it is now is not known
   */
  public static Optional<String> missing(Lookup lookup, @Nullable List<String> requires) {
    if (requires == null || !(lookup instanceof Lookup.Known known) || !known.current()) {
      return Optional.empty();
    }
    var kinds =
        known.bindings().components().stream()
            .map(ComponentReadiness::kind)
            .collect(Collectors.toSet());
    return requires.stream().filter(kind -> !kinds.contains(kind)).findFirst();
  }

  private static Optional<String> exporters(Bindings bindings) {
    var exporting =
        bindings.bindings().stream().map(Binding::component).collect(Collectors.toSet());
    return bindings.components().stream()
        .filter(component -> exporting.contains(component.name()))
        .filter(component -> !component.kind().equals(ORCHESTRATOR))
        .filter(component -> !component.available())
        .map(component -> NOT_READY + component.name())
        .findFirst();
  }

  private static Optional<String> required(Bindings bindings, List<String> kinds) {
    for (var kind : kinds) {
      var ofKind = bindings.components().stream().filter(one -> one.kind().equals(kind)).toList();
      if (ofKind.isEmpty()) {
        return Optional.of(NOT_READY + kind);
      }
      var missing = ofKind.stream().filter(one -> !one.available()).findFirst();
      if (missing.isPresent()) {
        return missing.map(ComponentReadiness::name).map(NOT_READY::concat);
      }
    }
    return Optional.empty();
  }
}
