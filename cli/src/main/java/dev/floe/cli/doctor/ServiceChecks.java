package dev.floe.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.Session;
import dev.floe.cli.rest.Query;
import dev.floe.cli.rest.ServiceName;
import java.util.ArrayList;
import java.util.List;

/** Whether the services of the context in use answer, and take the token. */
final class ServiceChecks {
  private final Session session;

  ServiceChecks(Session session) {
    this.session = session;
  }

  List<Finding> run() {
    var findings = new ArrayList<Finding>();
    for (var service : ServiceName.values()) {
      findings.add(check(service));
    }
    return findings;
  }

  private Finding check(ServiceName service) {
    try {
      var client = session.client(service);
      client.get(probe(service), JsonNode.class);
      return Finding.ok(service.value(), client.address().url().toString());
    } catch (CommandFailure e) {
      return Finding.missing(
          service.value(),
          String.valueOf(e.getMessage()),
          e.next().isEmpty() ? "floe local logs " + service : e.next().getFirst());
    }
  }

  private static Query probe(ServiceName service) {
    return switch (service) {
      case PLATFORM_MANAGER -> Query.of("platforms").with("limit", 1);
      case JOB_LAUNCHER -> Query.of("runs").with("limit", 1);
      case TELEMETRY_GATEWAY -> Query.of("telemetry", "status");
    };
  }
}
