package dev.floe.cli.local;

import dev.floe.local.home.FloeHome;
import java.util.HashMap;
import java.util.Map;

/** The environment of each service on this machine: its whole configuration. */
final class ServiceEnvironment {
  private static final String LOOPBACK = "127.0.0.1";

  private final FloeHome home;
  private final Map<Port, Integer> ports;
  private final Credentials credentials;
  private final Map<String, String> passedOn;

  /**
   * @param passedOn what is taken over from the user's environment
   */
  ServiceEnvironment(
      FloeHome home,
      Map<Port, Integer> ports,
      Credentials credentials,
      Map<String, String> passedOn) {
    this.home = home;
    this.ports = ports;
    this.credentials = credentials;
    this.passedOn = passedOn;
  }

  Map<String, String> of(Member member) {
    return switch (member) {
      case POSTGRESQL -> Map.of();
      case TELEMETRY_GATEWAY -> telemetryGateway();
      case PLATFORM_MANAGER -> {
        var env = common(Port.PLATFORM_MANAGER);
        database(env, Credentials.PLATFORM_MANAGER_ROLE, credentials.platformManager());
        yield env;
      }
      case JOB_LAUNCHER -> {
        var env = common(Port.JOB_LAUNCHER);
        database(env, Credentials.JOB_LAUNCHER_ROLE, credentials.jobLauncher());
        env.put("QUARKUS_REST_CLIENT_PLATFORM_MANAGER_URL", url(Port.PLATFORM_MANAGER));
        yield env;
      }
    };
  }

  /** The base URL behind a port. */
  String url(Port port) {
    return "http://" + LOOPBACK + ":" + ports.get(port);
  }

  private Map<String, String> telemetryGateway() {
    var env = common(Port.TELEMETRY_GATEWAY);
    env.put("FLOE_TELEMETRY_RECEIVE_HOST", LOOPBACK);
    env.put("FLOE_TELEMETRY_RECEIVE_GRPC_PORT", String.valueOf(ports.get(Port.OTLP_GRPC)));
    env.put("FLOE_TELEMETRY_RECEIVE_HTTP_PORT", String.valueOf(ports.get(Port.OTLP_HTTP)));
    env.put("FLOE_TELEMETRY_RECEIVE_TOKEN_FILE", home.telemetryToken().toString());
    return env;
  }

  private Map<String, String> common(Port port) {
    var env = new HashMap<>(passedOn);
    // Whatever the shell's locale is: names of files are UTF-8, messages of the system are English.
    env.put("LC_ALL", "C.UTF-8");
    env.put("FLOE_HOME", home.root().toString());
    env.put("FLOE_RUNTIME", "local");
    env.put("FLOE_AUTH_TOKEN_FILE", home.token().toString());
    env.put("QUARKUS_HTTP_HOST", LOOPBACK);
    env.put("QUARKUS_HTTP_PORT", String.valueOf(ports.get(port)));
    env.put("QUARKUS_OTEL_SDK_DISABLED", "false");
    env.put("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", url(Port.OTLP_GRPC));
    env.put(
        "QUARKUS_OTEL_EXPORTER_OTLP_HEADERS",
        "authorization=Bearer " + credentials.telemetryToken());
    return env;
  }

  private void database(Map<String, String> env, String role, String password) {
    var server = LOOPBACK + ":" + ports.get(Port.POSTGRESQL) + "/" + Credentials.DATABASE;
    env.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://" + server);
    env.put("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://" + server);
    env.put("QUARKUS_DATASOURCE_USERNAME", role);
    env.put("QUARKUS_DATASOURCE_PASSWORD", password);
  }
}
