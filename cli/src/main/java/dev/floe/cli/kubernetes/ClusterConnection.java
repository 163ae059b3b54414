package dev.floe.cli.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.Deadline;
import dev.floe.cli.ExitCode;
import dev.floe.cli.context.Connection;
import dev.floe.cli.context.Context;
import dev.floe.cli.context.TokenFiles;
import dev.floe.cli.output.Progress;
import dev.floe.cli.rest.ServiceAddress;
import dev.floe.cli.rest.ServiceName;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The suite in a cluster: one port-forward per service, opened at its first use, on loopback and a
 * free port.
 */
public final class ClusterConnection implements Connection {
  private static final int PORT = 8080;
  private static final int RETRIES = 3;
  private static final int CONNECT_MILLIS = 10_000;
  private static final String TOKEN_SECRET = "floe-token";
  private static final String TOKEN_KEY = "token";

  private final Context.Cluster context;
  private final @Nullable Deadline deadline;
  private final KubernetesClient client;
  private final Map<ServiceName, LocalPortForward> forwards = new EnumMap<>(ServiceName.class);

  /**
   * @param deadline when every request to the cluster gives up; {@code null}: after ten seconds
   */
  public ClusterConnection(Context.Cluster context, @Nullable Deadline deadline) {
    this.context = context;
    this.deadline = deadline;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(impatient(readable(context), deadline))
            .withKubernetesSerialization(new KubernetesSerialization(new ObjectMapper(), false))
            .build();
  }

  @Override
  public synchronized ServiceAddress address(ServiceName service) {
    try {
      var forward = forwards.computeIfAbsent(service, this::forward);
      return new ServiceAddress(
          service,
          URI.create("http://127.0.0.1:" + forward.getLocalPort()),
          token(),
          List.of("kubectl -n %s get pods".formatted(context.namespace())),
          List.of(
              "floe context set %s --token-file FILE   (or ask for the right to read Secret %s)"
                  .formatted(context.name(), TOKEN_SECRET)));
    } catch (KubernetesClientException e) {
      throw deadline != null && deadline.isOver()
          ? timedOut(deadline, e)
          : unreachable(words(e), e);
    }
  }

  @Override
  public synchronized void close() {
    for (var forward : forwards.values()) {
      try {
        forward.close();
      } catch (IOException e) {
        // it is being left anyway
      }
    }
    forwards.clear();
    client.close();
  }

  private LocalPortForward forward(ServiceName service) {
    var services = client.services().inNamespace(context.namespace()).withName(service.value());
    if (services.get() == null) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "There is no Service %s in namespace %s.".formatted(service.value(), context.namespace()),
          "floe context set %s --kube-context CONTEXT --namespace NAMESPACE"
              .formatted(context.name()));
    }
    return services.portForward(PORT, InetAddress.getLoopbackAddress(), 0);
  }

  private String token() {
    if (context.tokenFile() != null) {
      return TokenFiles.read(Path.of(context.tokenFile()), context.name());
    }
    var secret = client.secrets().inNamespace(context.namespace()).withName(TOKEN_SECRET).get();
    var value = secret == null || secret.getData() == null ? null : secret.getData().get(TOKEN_KEY);
    if (value == null) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "Secret %s of namespace %s holds no token.".formatted(TOKEN_SECRET, context.namespace()),
          "floe context set %s --token-file FILE".formatted(context.name()));
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .orElse("");
  }

  /** Somebody waits for the answer: a cluster that is away is said so after a second. */
  private static Config impatient(Config config, @Nullable Deadline deadline) {
    config.setRequestRetryBackoffLimit(RETRIES);
    if (deadline != null) {
      var left = Math.clamp(deadline.left().toMillis(), 1, CONNECT_MILLIS);
      config.setRequestRetryBackoffLimit(0);
      config.setConnectionTimeout(left);
      config.setRequestTimeout(left);
    }
    return config;
  }

  private CommandFailure timedOut(Deadline limit, Exception cause) {
    return new CommandFailure(
            ExitCode.TIMEOUT,
            "Timed out after %s waiting for the cluster at %s."
                .formatted(Progress.seconds(limit.limit()), client.getMasterUrl()),
            "kubectl -n %s get pods".formatted(context.namespace()))
        .because(cause);
  }

  /**
   * The configuration of the context, read whole: fabric8 answers a file that is not a kubeconfig
   * with whatever its parser throws, and a context that the file lacks with the defaults of
   * another.
   */
  private static Config readable(Context.Cluster context) {
    Config config;
    try {
      config = config(context);
    } catch (CommandFailure e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CommandFailure(
              ExitCode.UNREACHABLE,
              "%s of context '%s' is not a kubeconfig that can be read."
                  .formatted(kubeconfig(context), context.name()),
              "floe context set %s --kubeconfig FILE".formatted(context.name()))
          .because(e);
    }
    var wanted = context.kubeContext();
    var found = config.getCurrentContext();
    if (wanted != null && (found == null || !wanted.equals(found.getName()))) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "%s has no context '%s', which floe's context '%s' names."
              .formatted(kubeconfig(context), wanted, context.name()),
          "floe context set %s --kube-context CONTEXT".formatted(context.name()));
    }
    return config;
  }

  private static String kubeconfig(Context.Cluster context) {
    return context.kubeconfig() == null
        ? "The kubeconfig of KUBECONFIG or ~/.kube/config"
        : "The kubeconfig " + context.kubeconfig();
  }

  private static Config config(Context.Cluster context) {
    if (context.kubeconfig() == null) {
      return Config.autoConfigure(context.kubeContext());
    }
    var file = new File(context.kubeconfig());
    if (!file.canRead()) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "The kubeconfig %s of context '%s' can't be read.".formatted(file, context.name()),
          "floe context set %s --kubeconfig FILE".formatted(context.name()));
    }
    return Config.fromKubeconfig(context.kubeContext(), file);
  }

  private CommandFailure unreachable(String message, Exception cause) {
    return new CommandFailure(
            ExitCode.UNREACHABLE, message, "kubectl -n %s get pods".formatted(context.namespace()))
        .because(cause);
  }

  private String words(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return "The cluster answers: " + e.getStatus().getMessage();
    }
    var cause = e.getCause();
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof ConnectException) {
        return "The cluster at %s does not answer.".formatted(client.getMasterUrl());
      }
      if (at.getMessage() != null) {
        cause = at;
      }
    }
    return "The cluster at %s can't be asked: %s."
        .formatted(client.getMasterUrl(), cause == null ? e : cause.getMessage());
  }
}
