package dev.floe.launcher.runtime.kubernetes;

import dev.floe.contract.Names;
import dev.floe.launcher.runtime.AttemptRef;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Watches this launcher's own Jobs and pods in one namespace, and why Jobs get no pods there. */
final class NamespaceWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NamespaceWatch.class);

  private final List<SharedIndexInformer<?>> informers;

  private NamespaceWatch(List<SharedIndexInformer<?>> informers) {
    this.informers = informers;
  }

  /**
   * Begins to watch; what can't be watched yet is tried again until it can.
   *
   * @param changed hears of every attempt whose objects changed
   * @param ended hears of pods that are over, and of those that are gone, as they were last seen
   */
  static NamespaceWatch open(
      KubernetesClient client,
      String namespace,
      Consumer<AttemptRef> changed,
      Consumer<Pod> ended) {
    var jobs =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withLabel(Names.Labels.MANAGED_BY, Names.Services.JOB_LAUNCHER)
            .runnableInformer(0);
    jobs.addEventHandler(handler(job -> JobReading.attempt(job).ifPresent(changed), _ -> {}));
    var pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(Names.Labels.MANAGED_BY, Names.Services.JOB_LAUNCHER)
            .runnableInformer(0);
    pods.addEventHandler(
        handler(
            pod -> {
              if (PodReading.isOver(pod)) {
                ended.accept(pod);
              }
              JobReading.attempt(pod).ifPresent(changed);
            },
            ended));
    var events =
        client
            .v1()
            .events()
            .inNamespace(namespace)
            .withField("reason", "FailedCreate")
            .withField("involvedObject.kind", "Job")
            .runnableInformer(0);
    events.addEventHandler(handler(event -> concerned(event).ifPresent(changed), _ -> {}));
    var all = List.<SharedIndexInformer<?>>of(jobs, pods, events);
    for (var informer : all) {
      informer.exceptionHandler((_, error) -> {
        LOG.debugf(
            error,
            "Watching %s in %s is tried again",
            informer.getApiTypeClass().getSimpleName(),
            namespace);
        return true;
      });
      var _ = informer.start();
    }
    return new NamespaceWatch(all);
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> handler(
      Consumer<T> changed, Consumer<T> removed) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        changed.accept(object);
      }

      @Override
      public void onUpdate(T before, T after) {
        changed.accept(after);
      }

      @Override
      public void onDelete(T object, boolean stateUnknown) {
        if (!stateUnknown) {
          removed.accept(object);
        }
        changed.accept(object);
      }
    };
  }

  /**
   * Jobs are named {@code <run id>-<attempt>}; whether it is one of ours is seen when it is read.
   */
  private static Optional<AttemptRef> concerned(Event event) {
    var object = event.getInvolvedObject();
    var name = object == null ? null : object.getName();
    var dash = name == null ? -1 : name.lastIndexOf('-');
    if (name == null || dash <= 0 || !name.substring(dash + 1).matches("\\d{1,6}")) {
      return Optional.empty();
    }
    return Optional.of(
        new AttemptRef(
            event.getMetadata().getNamespace(),
            name.substring(0, dash),
            Integer.parseInt(name.substring(dash + 1))));
  }
}
