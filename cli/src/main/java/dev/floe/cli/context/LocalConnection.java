package dev.floe.cli.context;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.rest.ServiceAddress;
import dev.floe.cli.rest.ServiceName;
import dev.floe.local.home.Endpoints;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The services on this machine, as {@code endpoints.json} has them. */
final class LocalConnection implements Connection {
  private static final String UP = "floe local up";

  private final Endpoints endpoints;
  private final String token;

  LocalConnection(FloeHome home) {
    try {
      this.endpoints = Endpoints.read(home).orElseThrow(LocalConnection::notUp);
      this.token =
          PrivateFiles.read(endpoints.tokenFile())
              .flatMap(text -> text.lines().findFirst())
              .orElseThrow(LocalConnection::notUp);
    } catch (IOException e) {
      throw notUp().because(e);
    }
  }

  @Override
  public ServiceAddress address(ServiceName service) {
    return new ServiceAddress(
        service,
        url(service),
        token,
        List.of(UP, "floe local logs " + service),
        List.of(
            UP + "   (starts the services again with the token in " + endpoints.tokenFile() + ")"));
  }

  private URI url(ServiceName service) {
    return switch (service) {
      case PLATFORM_MANAGER -> endpoints.platformManager();
      case JOB_LAUNCHER -> endpoints.jobLauncher();
      case TELEMETRY_GATEWAY -> endpoints.telemetryGateway();
    };
  }

  private static CommandFailure notUp() {
    return new CommandFailure(
        ExitCode.UNREACHABLE, "The services are not running on this machine.", UP);
  }
}
