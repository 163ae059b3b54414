package dev.floe.launcher.runtime.kubernetes;

import dev.floe.kit.kubernetes.KubernetesEvents;
import dev.floe.launcher.runtime.JobRuntime;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Opens the runtime on the cluster that this process is configured for, only where it is wanted.
 */
@ApplicationScoped
public class KubernetesRuntimes {
  private static final String CONTROLLER = "floe.dev/job-launcher";

  private final Instance<KubernetesClient> client;
  private final KubernetesRuntimeConfig config;
  private final KubernetesEvents events;

  @Inject
  KubernetesRuntimes(
      Instance<KubernetesClient> client, KubernetesRuntimeConfig config, KubernetesEvents events) {
    this.client = client;
    this.config = config;
    this.events = events;
  }

  /** A runtime that lives as long as the process. */
  public JobRuntime open() {
    var replica = hostName();
    return new KubernetesJobRuntime(
        client.get(),
        config,
        (job, reason, note) -> events.emit(CONTROLLER, replica, job, reason, note));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
