package dev.floe.cli.context;

import dev.floe.cli.rest.ServiceAddress;
import dev.floe.cli.rest.ServiceName;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Services behind URLs that the user named. */
final class UrlConnection implements Connection {
  private final Context.Urls context;
  private final String token;

  UrlConnection(Context.Urls context) {
    this.context = context;
    this.token = TokenFiles.read(Path.of(context.tokenFile()), context.name());
  }

  @Override
  public ServiceAddress address(ServiceName service) {
    return new ServiceAddress(
        service,
        url(service),
        token,
        List.of("floe doctor --context " + context.name()),
        List.of("write a token that the services accept into " + context.tokenFile()));
  }

  private URI url(ServiceName service) {
    return switch (service) {
      case PLATFORM_MANAGER -> context.platformManager();
      case JOB_LAUNCHER -> context.jobLauncher();
      case TELEMETRY_GATEWAY -> context.telemetryGateway();
    };
  }
}
