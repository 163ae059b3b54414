package dev.floe.telemetry.receive;

import dev.floe.kit.startup.StartupCheck;
import dev.floe.telemetry.export.ExportConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Looks at the limits before anything is received: what is accepted must fit into the queues. */
@ApplicationScoped
class ReceiveChecks implements StartupCheck {
  private static final long LARGEST = 512L * 1024 * 1024;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final String KEY = "floe.telemetry.receive.";

  private final ReceiveConfig config;
  private final ExportConfig export;
  private final int restPort;

  ReceiveChecks(
      ReceiveConfig config,
      ExportConfig export,
      @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int restPort) {
    this.restPort = restPort;
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
    if (config.maxInFlightBytes().asLongValue() < InFlight.COPIES * request) {
      findings.add(
          "floe.telemetry.receive.max-in-flight-bytes: at least three times"
              + " floe.telemetry.receive.max-request-bytes");
    }
    long item = config.maxItemBytes().asLongValue();
    if (item < 1024 || item > LARGEST) {
      findings.add("floe.telemetry.receive.max-item-bytes: from 1K to 512M");
    }
    positive(findings, "max-resources", config.maxResources());
    positive(findings, "max-items", config.maxItems());
    positive(findings, "max-fields", config.maxFields());
    positive(findings, "max-waiting", config.maxWaiting());
    positive(findings, "workers", config.workers().orElse(1));
    positive(findings, "work-timeout", config.workTimeout().toMillis());
    positive(findings, "body-timeout", config.bodyTimeout().toMillis());
    samePorts(findings);
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

  private void samePorts(List<String> findings) {
    var ports = new LinkedHashMap<String, Integer>();
    ports.put(KEY + "grpc-port", config.grpcPort());
    ports.put(KEY + "http-port", config.httpPort());
    ports.put("quarkus.http.port", restPort);
    var keys = new HashMap<Integer, String>();
    ports.forEach((key, port) -> {
      var other = port == 0 ? null : keys.putIfAbsent(port, key);
      if (other != null) {
        findings.add(
            "%s and %s are both %d: give each a port of its own".formatted(other, key, port));
      }
    });
  }

  private static void positive(List<String> findings, String key, long value) {
    if (value < 1) {
      findings.add(KEY + key + ": more than 0");
    }
  }
}
