package dev.floe.platform.runtime.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.local.home.FloeHome;
import dev.floe.local.postgresql.Database;
import dev.floe.local.postgresql.LocalPostgresql;
import dev.floe.local.process.ProcessStatus.Ended;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.runtime.SeenWorkload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;

/** Objects of kind PostgresqlServer, with the databases that any component of the plan declares. */
final class LocalServers {
  private final FloeHome home;
  private final LocalSecrets secrets;

  LocalServers(FloeHome home, LocalSecrets secrets) {
    this.home = home;
    this.secrets = secrets;
  }

  void ensure(JsonNode object, Plan plan) throws IOException {
    var name = object.path("metadata").path("name").asText();
    var databases = new ArrayList<Database>();
    for (var component : plan.components()) {
      for (var other : component.objects()) {
        var spec = other.path("spec");
        if (other.path("kind").asText().equals("PostgresqlDatabase")
            && spec.path("server").asText().equals(name)) {
          databases.add(
              Database.of(
                  spec.path("database").asText(),
                  spec.path("role").asText(),
                  secrets.value(
                      plan.namespace(), spec.path("passwordSecret").asText(), "password")));
        }
      }
    }
    server(object).start(databases);
  }

  SeenWorkload observe(JsonNode object) {
    var name = object.path("metadata").path("name").asText();
    var server = server(object);
    var status = server.status();
    int restarts = status instanceof Running running ? running.restarts() : 0;
    if (server.isReady()) {
      return new SeenWorkload(
          true, false, "Ready", new WorkloadStatus("Process", name, 1, 1, restarts, null));
    }
    var words =
        switch (status) {
          case Running _ -> "starts";
          case Ended ended -> ended.ending().message();
          default -> "does not run";
        };
    return new SeenWorkload(
        false,
        status instanceof Ended,
        "NotReady",
        new WorkloadStatus("Process", name, 0, 1, restarts, words));
  }

  boolean runs(JsonNode object) {
    return server(object).status() instanceof Running;
  }

  void stop(JsonNode object) {
    server(object).stop();
  }

  private LocalPostgresql server(JsonNode object) {
    var spec = object.path("spec");
    return LocalPostgresql.at(
        home,
        Path.of(spec.path("folder").asText()),
        Path.of(spec.path("data").asText()),
        spec.path("port").asInt());
  }
}
