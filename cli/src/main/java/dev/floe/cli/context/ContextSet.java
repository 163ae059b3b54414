package dev.floe.cli.context;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code floe context set}: adds a context, either three URLs and a token file or a way into a
 * cluster, or changes the named fields of one that exists.
 */
@Command(
    name = "set",
    description = {
      "Add a context (three URLs, or the services in a cluster), or change one.",
      "Of a context that exists only what is given here changes.",
    },
    footer = {
      "",
      "Examples:",
      "  floe context set prod --kube-context prod --namespace floe",
      "  floe context set prod --token-file ~/floe.token",
      "  floe context set prod --unset token-file",
      "  floe context set shared --platform-manager https://… --job-launcher https://… \\",
      "      --telemetry-gateway https://… --token-file ~/floe.token",
    })
final class ContextSet extends Verb {
  private static final String NAMESPACE = "floe";

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
      description =
          "File whose first line is the token (default in a cluster: its Secret floe-token).")
  @Nullable Path tokenFile;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Path to the kubeconfig (default: $KUBECONFIG, then ~/.kube/config).")
  @Nullable Path kubeconfig;

  @Option(
      names = "--kube-context",
      paramLabel = "CONTEXT",
      description = "Context of the kubeconfig (default: its current one).")
  @Nullable String kubeContext;

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      description = "Namespace of the services (default: " + NAMESPACE + ").")
  @Nullable String namespace;

  @Option(
      names = "--unset",
      paramLabel = "FIELD",
      converter = FieldConverter.class,
      description =
          "Go back to the default of a field: kubeconfig, kube-context, namespace or token-file.")
  Set<Field> unset = Set.of();

  /** A field of a context in a cluster that has a default. */
  enum Field {
    KUBECONFIG,
    KUBE_CONTEXT,
    NAMESPACE,
    TOKEN_FILE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Reads the value of {@code --unset}. */
  static final class FieldConverter implements ITypeConverter<Field> {
    @Override
    public Field convert(String text) {
      for (var field : Field.values()) {
        if (field.toString().equals(text)) {
          return field;
        }
      }
      throw new TypeConversionException(
          "'%s' can't be unset; write kubeconfig, kube-context, namespace or token-file"
              .formatted(text));
    }
  }

  @Override
  protected ExitCode run(Session session) throws IOException {
    if (name.equals(Context.LOCAL)) {
      throw usage("The context 'local' is floe's own; choose another name.");
    }
    var contexts = Contexts.read(session.home());
    var present =
        contexts.contexts().stream().filter(known -> known.name().equals(name)).findFirst();
    var context = context(present.orElse(null));
    contexts.with(context).write(session.home());
    session
        .progress()
        .say(
            "Context %s is %s: %s."
                .formatted(name, present.isPresent() ? "changed" : "added", context.leadsTo()));
    if (!contexts.current().equals(name)) {
      session.progress().say("→ floe context use " + name);
    }
    return ExitCode.DONE;
  }

  private Context context(@Nullable Context present) {
    return switch (present) {
      case Context.Urls urls -> {
        refuse(ofCluster() || !unset.isEmpty(), "URLs", "a cluster");
        yield urls(urls);
      }
      case Context.Cluster cluster -> {
        refuse(ofUrls(), "a cluster", "URLs");
        yield cluster(cluster);
      }
      case null, default -> added();
    };
  }

  private Context added() {
    if (ofUrls() && ofCluster()) {
      throw usage("Give either URLs or a cluster, not both.");
    }
    if (ofCluster()) {
      return cluster(new Context.Cluster(name, null, null, NAMESPACE, null));
    }
    if (platformManager == null || jobLauncher == null || telemetryGateway == null) {
      throw usage(
          "There is no context '%s' yet. Give the URLs of all three services and --token-file, or"
                  .formatted(name)
              + " --namespace of the services in a cluster.");
    }
    if (tokenFile == null) {
      throw usage("Services behind URLs need --token-file.");
    }
    return urls(
        new Context.Urls(
            name, platformManager, jobLauncher, telemetryGateway, absolute(tokenFile)));
  }

  private Context.Urls urls(Context.Urls present) {
    return new Context.Urls(
        name,
        url(or(platformManager, present.platformManager())),
        url(or(jobLauncher, present.jobLauncher())),
        url(or(telemetryGateway, present.telemetryGateway())),
        tokenFile == null ? present.tokenFile() : absolute(tokenFile));
  }

  private Context.Cluster cluster(Context.Cluster present) {
    var changed =
        new Context.Cluster(
            name,
            kubeconfig == null ? present.kubeconfig() : absolute(kubeconfig),
            kubeContext == null ? present.kubeContext() : kubeContext,
            or(namespace, present.namespace()),
            tokenFile == null ? present.tokenFile() : absolute(tokenFile));
    var gone = unset.isEmpty() ? EnumSet.noneOf(Field.class) : EnumSet.copyOf(unset);
    return new Context.Cluster(
        name,
        gone.contains(Field.KUBECONFIG) ? null : changed.kubeconfig(),
        gone.contains(Field.KUBE_CONTEXT) ? null : changed.kubeContext(),
        gone.contains(Field.NAMESPACE) ? NAMESPACE : changed.namespace(),
        gone.contains(Field.TOKEN_FILE) ? null : changed.tokenFile());
  }

  private void refuse(boolean otherKind, String leadsTo, String other) {
    if (otherKind) {
      throw usage(
          "Context '%s' leads to %s; these options are for %s. Choose another name, or remove it: "
                  .formatted(name, leadsTo, other)
              + "floe context delete "
              + name);
    }
  }

  private boolean ofUrls() {
    return platformManager != null || jobLauncher != null || telemetryGateway != null;
  }

  private boolean ofCluster() {
    return kubeconfig != null || kubeContext != null || namespace != null;
  }

  private URI url(URI url) {
    if (url.getHost() == null
        || !List.of("http", "https").contains(String.valueOf(url.getScheme()))) {
      throw usage("Invalid URL '" + url + "' of a service: write for example https://floe.example");
    }
    return url;
  }

  private static <T> T or(@Nullable T given, T present) {
    return given == null ? present : given;
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
