package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.JobRuntime;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

/**
 * Opens the runtime on the cluster that this process is configured for, only where it is wanted.
 */
@ApplicationScoped
public class KubernetesRuntimes {
  private final Instance<KubernetesClient> client;
  private final KubernetesRuntimeConfig config;

  @Inject
  KubernetesRuntimes(Instance<KubernetesClient> client, KubernetesRuntimeConfig config) {
    this.client = client;
    this.config = config;
  }

  /** A runtime that lives as long as the process. */
  public JobRuntime open() {
    return new KubernetesJobRuntime(client.get(), config);
  }
}
