package dev.floe.telemetry.runtime.kubernetes;

import dev.floe.telemetry.enrich.PodDirectory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the directory of pods from one watch; starts only where this service runs on Kubernetes.
 */
@ApplicationScoped
class PodWatch {
  private static final Logger LOG = Logger.getLogger(PodWatch.class);
  private static final long PAGE = 500;

  private final boolean kubernetes;
  private final Instance<KubernetesClient> client;
  private final PodDirectory directory;
  private @Nullable SharedIndexInformer<Pod> informer;

  PodWatch(
      @ConfigProperty(name = "floe.runtime", defaultValue = "local") String runtime,
      Instance<KubernetesClient> client,
      PodDirectory directory) {
    this.kubernetes = runtime.equals("kubernetes");
    this.client = client;
    this.directory = directory;
  }

  void start(@Observes StartupEvent event) {
    if (kubernetes) {
      // Senders are named as soon as their pods are known; nothing waits for the API server here.
      informer = watch(client.get(), directory);
    }
  }

  /** Watches every pod from now on. */
  static SharedIndexInformer<Pod> watch(KubernetesClient client, PodDirectory directory) {
    var pods =
        client
            .pods()
            .inAnyNamespace()
            .withLimit(PAGE)
            .runnableInformer(0)
            .itemStore(new SlimPods())
            .exceptionHandler((started, failure) -> {
              LOG.warnf("The watch of pods failed and is made again: %s", failure.getMessage());
              return true;
            })
            .addEventHandler(new Feed(directory));
    var _ = pods.start().thenRun(() -> directory.synced(uids(pods)));
    return pods;
  }

  private static Set<String> uids(SharedIndexInformer<Pod> pods) {
    return pods.getStore().list().stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  void stop(@Observes ShutdownEvent event) {
    if (informer != null) {
      informer.stop();
    }
  }

  private record Feed(PodDirectory directory) implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      directory.put(PodReader.read(pod));
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      directory.put(PodReader.read(pod));
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      directory.delete(pod.getMetadata().getUid());
    }
  }
}
