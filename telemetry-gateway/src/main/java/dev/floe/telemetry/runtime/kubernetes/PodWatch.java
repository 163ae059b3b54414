package dev.floe.telemetry.runtime.kubernetes;

import dev.floe.telemetry.enrich.PodDirectory;
import dev.floe.telemetry.thread.SupervisedThread;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the directory of pods from one watch; starts only where this service runs on Kubernetes.
 *
 * <p>The informer makes the watch again by itself after the API server was away. Where the informer
 * itself ends, or an event could not be taken, the watch begins anew with a fresh list ({@link
 * SupervisedThread}), so that no change of a pod is missed for good.
 */
@ApplicationScoped
class PodWatch {
  private static final Logger LOG = Logger.getLogger(PodWatch.class);
  private static final long PAGE = 500;

  private final boolean kubernetes;
  private final Instance<KubernetesClient> client;
  private final PodDirectory directory;
  private @Nullable Thread watcher;

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
      watcher =
          SupervisedThread.start(
              "pod-watch", () -> follow(client.get(), directory), failure -> directory.lost());
    }
  }

  /** Watches every pod until that fails or this thread is interrupted. */
  static void follow(KubernetesClient client, PodDirectory directory)
      throws InterruptedException, ExecutionException {
    var ended = new CompletableFuture<Void>();
    try (var pods = watch(client, directory, ended::completeExceptionally)) {
      directory.watchedBy(pods::isWatching);
      pods.stopped()
          .whenComplete((done, failure) ->
              ended.completeExceptionally(
                  failure == null ? new IllegalStateException("the informer ended") : failure));
      ended.get();
    }
  }

  /**
   * Watches every pod from now on.
   *
   * @param failed is told of an event that could not be taken, after which the directory may be
   *     wrong
   */
  static SharedIndexInformer<Pod> watch(
      KubernetesClient client, PodDirectory directory, Consumer<Throwable> failed) {
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
            .addEventHandler(new Feed(directory, failed));
    var _ =
        pods.start()
            .whenComplete((done, failure) -> {
              if (failure == null) {
                directory.synced(uids(pods));
              } else {
                failed.accept(failure);
              }
            });
    return pods;
  }

  private static Set<String> uids(SharedIndexInformer<Pod> pods) {
    return pods.getStore().list().stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  void stop(@Observes ShutdownEvent event) {
    if (watcher != null) {
      watcher.interrupt();
    }
  }

  /** Takes the events of the informer, whose thread must not see a failure. */
  record Feed(PodDirectory directory, Consumer<Throwable> failed)
      implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      take(() -> directory.put(PodReader.read(pod)));
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      take(() -> directory.put(PodReader.read(pod)));
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      take(() -> directory.delete(pod.getMetadata().getUid()));
    }

    private void take(Runnable event) {
      try {
        event.run();
      } catch (Throwable failure) {
        failed.accept(failure);
      }
    }
  }
}
