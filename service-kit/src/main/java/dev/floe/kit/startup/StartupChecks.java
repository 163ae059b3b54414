package dev.floe.kit.startup;

import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.List;

/** Refuses to start on unsafe configuration, naming everything at once. */
@ApplicationScoped
class StartupChecks {
  private final List<StartupCheck> checks;

  StartupChecks(@All List<StartupCheck> checks) {
    this.checks = checks;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 1) StartupEvent event) {
    var findings = checks.stream().flatMap(check -> check.findings().stream()).toList();
    if (!findings.isEmpty()) {
      throw new IllegalStateException(
          "Unsafe configuration, not starting:\n  - " + String.join("\n  - ", findings));
    }
  }
}
