package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.Names.Labels;
import dev.floe.platform.runtime.RolloutFailedException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in a platform's namespace at one moment. Each kind is listed once, when it is asked for
 * first, however many objects are asked for. Used by one thread.
 */
final class ClusterSnapshot {
  private final ClusterObjects objects;
  private final String platform;
  private final String namespace;
  private final Map<String, Map<String, HasMetadata>> kinds = new HashMap<>();
  private @Nullable List<Pod> pods;
  private @Nullable List<ReplicaSet> replicaSets;

  ClusterSnapshot(ClusterObjects objects, String platform, String namespace) {
    this.objects = objects;
    this.platform = platform;
    this.namespace = namespace;
  }

  /** An object as it is; read alone where it is in no namespace, in another, or a Secret. */
  <T extends HasMetadata> Optional<T> live(T wanted) {
    if (!namespace.equals(wanted.getMetadata().getNamespace())
        || wanted.getKind().equals("Secret")) {
      return objects.live(wanted);
    }
    var listed = kinds.get(kind(wanted));
    if (listed == null) {
      try {
        listed = list(wanted);
      } catch (RolloutFailedException e) {
        return objects.live(wanted); // a kind that is not served has no list
      }
      kinds.put(kind(wanted), listed);
    }
    @SuppressWarnings("unchecked") // it was listed by the type of one of its kind
    var live = (T) listed.get(wanted.getMetadata().getName());
    return Optional.ofNullable(live);
  }

  private static String kind(HasMetadata object) {
    return object.getApiVersion() + "/" + object.getKind();
  }

  private Map<String, HasMetadata> list(HasMetadata wanted) {
    List<? extends HasMetadata> items =
        ClusterObjects.call(
            "listing " + wanted.getKind(),
            () ->
                wanted instanceof GenericKubernetesResource
                    ? objects
                        .client()
                        .genericKubernetesResources(wanted.getApiVersion(), wanted.getKind())
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                    : objects
                        .client()
                        .resources(wanted.getClass())
                        .inNamespace(namespace)
                        .list()
                        .getItems());
    var byName = new HashMap<String, HasMetadata>();
    for (var item : items) {
      if (item instanceof GenericKubernetesResource generic) {
        generic.setApiVersion(wanted.getApiVersion()); // a list says it once for all
        generic.setKind(wanted.getKind());
      }
      byName.put(item.getMetadata().getName(), item);
    }
    return byName;
  }

  /** Pods of this platform that carry all of some labels. */
  List<Pod> pods(Map<String, String> labels) {
    if (pods == null) {
      pods =
          ClusterObjects.call(
              "listing pods",
              () ->
                  objects
                      .client()
                      .pods()
                      .inNamespace(namespace)
                      .withLabel(Labels.PLATFORM, platform)
                      .list()
                      .getItems());
    }
    return with(labels, pods);
  }

  /** ReplicaSets of this platform that carry all of some labels. */
  List<ReplicaSet> replicaSets(Map<String, String> labels) {
    if (replicaSets == null) {
      replicaSets =
          ClusterObjects.call(
              "listing ReplicaSets",
              () ->
                  objects
                      .client()
                      .apps()
                      .replicaSets()
                      .inNamespace(namespace)
                      .withLabel(Labels.PLATFORM, platform)
                      .list()
                      .getItems());
    }
    return with(labels, replicaSets);
  }

  private static <T extends HasMetadata> List<T> with(Map<String, String> labels, List<T> all) {
    return all.stream()
        .filter(one -> {
          var own = one.getMetadata().getLabels();
          return own != null && own.entrySet().containsAll(labels.entrySet());
        })
        .toList();
  }
}
