package dev.floe.telemetry.receive;

import dev.floe.kit.startup.StartupCheck;
import dev.floe.telemetry.export.ExportConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks at the limits before anything is received: what is accepted must fit into the queues. */
@ApplicationScoped
class ReceiveChecks implements StartupCheck {
  private static final long LARGEST = 512L * 1024 * 1024;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ReceiveConfig config;
  private final ExportConfig export;

  ReceiveChecks(ReceiveConfig config, ExportConfig export) {
    this.config = config;
    this.export = export;
  }

  @Override
  public List<String> findings() {
    var findings = new ArrayList<String>();
    long request = config.maxRequestBytes().asLongValue();
    if (request < 1024 || request > LARGEST) {
      findings.add("floe.telemetry.receive.max-request-bytes: from 1K to 512M");
    }
    if (config.maxInFlightBytes().asLongValue() < 2 * request) {
      findings.add(
          "floe.telemetry.receive.max-in-flight-bytes: at least twice"
              + " floe.telemetry.receive.max-request-bytes");
    }
    export
        .destinations()
        .forEach((name, destination) -> {
          var key = "floe.telemetry.export.destinations." + name;
          if (destination.required() && destination.queueBytes().asLongValue() < 2 * request) {
            findings.add(
                key
                    + ".queue-bytes: at least twice floe.telemetry.receive.max-request-bytes, or"
                    + " set "
                    + key
                    + ".required=false");
          }
          int port = destination.endpoint().getPort();
          if (LOOPBACK.contains(String.valueOf(destination.endpoint().getHost()))
              && port > 0
              && (port == config.grpcPort() || port == config.httpPort())) {
            findings.add(key + ".endpoint is this gateway itself: telemetry would go in circles");
          }
        });
    return findings;
  }
}
