package dev.floe.telemetry.export;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.kit.startup.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at the destinations before anything is sent to them. */
@ApplicationScoped
class ExportChecks implements StartupCheck {
  private static final Set<String> PROTOCOLS = Set.of("grpc", "http/protobuf");
  private static final Set<String> SECRET = Set.of("authorization", "x-api-key", "api-key");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ExportConfig config;

  ExportChecks(ExportConfig config) {
    this.config = config;
  }

  @Override
  public List<String> findings() {
    var findings = new ArrayList<String>();
    config
        .destinations()
        .forEach((name, destination) ->
            check("floe.telemetry.export.destinations." + name, name, destination, findings));
    return findings;
  }

  private static void check(
      String key, String name, ExportConfig.Destination destination, List<String> findings) {
    var endpoint = destination.endpoint();
    var scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    if (name.equals(TelemetryStatus.NO_DESTINATION)) {
      findings.add(key + ": the name '" + name + "' stands for no destination; choose another");
    }
    if (!Set.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
      findings.add(key + ".endpoint: write http://host:port or https://host:port");
      return;
    }
    if (endpoint.getUserInfo() != null) {
      findings.add(key + ".endpoint holds a password; put it into " + key + ".headers-file");
    }
    if (!PROTOCOLS.contains(destination.protocol())) {
      findings.add(key + ".protocol: write grpc or http/protobuf");
    }
    if (destination.headers().keySet().stream()
        .anyMatch(header -> SECRET.contains(header.toLowerCase(Locale.ROOT)))) {
      findings.add(key + ".headers holds a secret; put it into " + key + ".headers-file");
    }
    destination
        .headers()
        .forEach((header, value) -> {
          if (!HeaderFile.isName(header) || !HeaderFile.isValue(value)) {
            findings.add(
                "%s.headers.\"%s\": the name or the value holds a character that no header may hold"
                    .formatted(key, header));
          }
        });
    destination
        .headersFile()
        .ifPresent(file -> {
          try {
            var _ = HeaderFile.read(file);
          } catch (IOException e) {
            findings.add(
                "%s.headers-file: cannot read %s (%s)"
                    .formatted(key, file, e.getClass().getSimpleName()));
          } catch (IllegalStateException e) {
            findings.add(key + ".headers-file: " + e.getMessage());
          }
        });
    if (destination.headersFile().isPresent()
        && scheme.equals("http")
        && !LOOPBACK.contains(endpoint.getHost())
        && !destination.plaintext()) {
      findings.add(
          key
              + ".headers-file would go over plain text: use https, or set "
              + key
              + ".plaintext=true where the network is trusted");
    }
    if (destination.signals().isEmpty()) {
      findings.add(key + ".signals is empty; name traces, metrics or logs");
    }
    if (destination.connections() < 1 || destination.connections() > 64) {
      findings.add(key + ".connections: from 1 to 64");
    }
    long batch = destination.batchBytes().asLongValue();
    if (batch < 1024 || batch > 64L * 1024 * 1024) {
      findings.add(key + ".batch-bytes: from 1K to 64M");
    }
    if (destination.queueBytes().asLongValue() < 2 * batch) {
      findings.add(key + ".queue-bytes: at least twice " + key + ".batch-bytes");
    }
  }
}
