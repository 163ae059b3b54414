package dev.floe.cli.context;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe context set}: either three URLs and a token file, or a way into a cluster. */
@Command(
    name = "set",
    description = "Add or replace a context: three URLs, or the suite in a cluster.",
    footer = {
      "",
      "Examples:",
      "  floe context set prod --kube-context prod --namespace floe",
      "  floe context set shared --platform-manager https://… --job-launcher https://… \\",
      "      --telemetry-gateway https://… --token-file ~/floe.token",
    })
final class ContextSet extends Verb {
  @Parameters(paramLabel = "NAME", description = "Name of the context.")
  String name = "";

  @Option(names = "--platform-manager", paramLabel = "URL", description = "Base URL.")
  @Nullable URI platformManager;

  @Option(names = "--job-launcher", paramLabel = "URL", description = "Base URL.")
  @Nullable URI jobLauncher;

  @Option(names = "--telemetry-gateway", paramLabel = "URL", description = "Base URL.")
  @Nullable URI telemetryGateway;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File whose first line is the token.")
  @Nullable Path tokenFile;

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Where not the usual one.")
  @Nullable Path kubeconfig;

  @Option(
      names = "--kube-context",
      paramLabel = "CONTEXT",
      description = "Context of the kubeconfig, where not its current one.")
  @Nullable String kubeContext;

  @Option(names = "--namespace", paramLabel = "NAMESPACE", description = "The suite's namespace.")
  @Nullable String namespace;

  @Override
  protected ExitCode run(Session session) throws IOException {
    Contexts.read(session.home()).with(context()).write(session.home());
    session.progress().say("Context " + name + " is set. Use it: floe context use " + name);
    return ExitCode.DONE;
  }

  private Context context() {
    if (name.equals(Context.LOCAL)) {
      throw usage("The context 'local' is floe's own; choose another name.");
    }
    var cluster = kubeconfig != null || kubeContext != null || namespace != null;
    if (platformManager == null || jobLauncher == null || telemetryGateway == null) {
      if (platformManager != null || jobLauncher != null || telemetryGateway != null || !cluster) {
        throw usage(
            "Give the URLs of all three services and --token-file, or --namespace of the suite in a"
                + " cluster.");
      }
      return new Context.Cluster(
          name,
          kubeconfig == null ? null : absolute(kubeconfig),
          kubeContext,
          namespace == null ? "floe" : namespace,
          tokenFile == null ? null : absolute(tokenFile));
    }
    if (cluster) {
      throw usage("Give either URLs or a cluster, not both.");
    }
    if (tokenFile == null) {
      throw usage("Services behind URLs need --token-file.");
    }
    for (var url : List.of(platformManager, jobLauncher, telemetryGateway)) {
      if (url.getHost() == null
          || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        throw usage(
            "'" + url + "' is no URL of a service; write for example https://floe.example.");
      }
    }
    return new Context.Urls(
        name, platformManager, jobLauncher, telemetryGateway, absolute(tokenFile));
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
