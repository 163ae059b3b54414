package dev.floe.cli.local;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.local.home.Endpoints;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe local up}. */
@Command(
    name = "up",
    description = "Start the services and their database, or repair what is not running.")
final class LocalUp extends Verb {
  private static final int PORT_MAX = 65_535;

  @Option(
      names = "--platform-manager-port",
      paramLabel = "PORT",
      description = "Else 8580 or a free one.")
  @Nullable Integer platformManagerPort;

  @Option(
      names = "--job-launcher-port",
      paramLabel = "PORT",
      description = "Else 8581 or a free one.")
  @Nullable Integer jobLauncherPort;

  @Option(
      names = "--telemetry-gateway-port",
      paramLabel = "PORT",
      description = "Else 8582 or a free one.")
  @Nullable Integer telemetryGatewayPort;

  @Option(names = "--otlp-grpc-port", paramLabel = "PORT", description = "Else 4317 or a free one.")
  @Nullable Integer otlpGrpcPort;

  @Option(names = "--otlp-http-port", paramLabel = "PORT", description = "Else 4318 or a free one.")
  @Nullable Integer otlpHttpPort;

  @Option(
      names = "--postgresql-port",
      paramLabel = "PORT",
      description = "Else 8583 or a free one.")
  @Nullable Integer postgresqlPort;

  @Option(
      names = "--native",
      description = "Start the native executables that native/build.sh put in place, not the JVM.")
  boolean nativeExecutables;

  @Override
  protected ExitCode run(Session session) throws IOException {
    var checkout =
        session
            .checkout()
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "The services are started out of floe's source tree, and this command does"
                        + " not know where that is.",
                    "run ./floe local up in the source tree, or set FLOE_CHECKOUT to its path"));
    if (!nativeExecutables) {
      new Build(session).services(checkout);
    }
    var endpoints =
        new Suite(session).up(new Suite.Programs(checkout, nativeExecutables), configured());
    session
        .output()
        .one(EndpointsView.of(endpoints), view -> view.platformManager(), LocalUp::words);
    return ExitCode.DONE;
  }

  private Map<Port, Integer> configured() {
    var ports = new EnumMap<Port, Integer>(Port.class);
    put(ports, Port.PLATFORM_MANAGER, platformManagerPort);
    put(ports, Port.JOB_LAUNCHER, jobLauncherPort);
    put(ports, Port.TELEMETRY_GATEWAY, telemetryGatewayPort);
    put(ports, Port.OTLP_GRPC, otlpGrpcPort);
    put(ports, Port.OTLP_HTTP, otlpHttpPort);
    put(ports, Port.POSTGRESQL, postgresqlPort);
    return ports;
  }

  private void put(Map<Port, Integer> ports, Port port, @Nullable Integer number) {
    if (number == null) {
      return;
    }
    if (number < 1 || number > PORT_MAX) {
      throw usage("--%s-port is a number from 1 to %d.".formatted(port.value(), PORT_MAX));
    }
    if (ports.containsValue(number)) {
      throw usage("Port %d is given twice.".formatted(number));
    }
    ports.put(port, number);
  }

  private static List<String> words(EndpointsView view) {
    return List.of(
        "platform-manager    " + view.platformManager(),
        "job-launcher        " + view.jobLauncher(),
        "telemetry-gateway   " + view.telemetryGateway(),
        "OTLP                " + view.otlpGrpc() + " (gRPC), " + view.otlpHttp() + " (HTTP)",
        "token               " + view.tokenFile());
  }

  /** The endpoints file as it is printed; never the token itself. */
  record EndpointsView(
      String platformManager,
      String jobLauncher,
      String telemetryGateway,
      String otlpGrpc,
      String otlpHttp,
      String tokenFile) {
    static EndpointsView of(Endpoints endpoints) {
      return new EndpointsView(
          endpoints.platformManager().toString(),
          endpoints.jobLauncher().toString(),
          endpoints.telemetryGateway().toString(),
          endpoints.otlpGrpc().toString(),
          endpoints.otlpHttp().toString(),
          endpoints.tokenFile().toString());
    }
  }
}
