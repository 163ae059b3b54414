package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads and writes single objects, by server-side apply under floe's own field manager. */
final class ClusterObjects {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a platform consists of besides data: never Secrets, volumes or namespaces. */
  private static final List<Class<? extends HasMetadata>> PRUNED =
      List.of(
          Deployment.class,
          StatefulSet.class,
          Service.class,
          ConfigMap.class,
          ServiceAccount.class);

  private final Supplier<KubernetesClient> client;

  ClusterObjects(Supplier<KubernetesClient> client) {
    this.client = client;
  }

  KubernetesClient client() {
    return client.get();
  }

  HasMetadata typed(JsonNode tree) {
    return client().getKubernetesSerialization().unmarshal(tree.toString(), HasMetadata.class);
  }

  /** The object as a tree. */
  ObjectNode tree(HasMetadata object) {
    try {
      return (ObjectNode) JSON.readTree(client().getKubernetesSerialization().asJson(object));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  HasMetadata apply(HasMetadata object) {
    return call("applying " + name(object), () -> client().resource(object).patch(context(false)));
  }

  /** What the server would make of an object; it is not changed. */
  HasMetadata dryRun(HasMetadata object) {
    return call("comparing " + name(object), () -> client().resource(object).patch(context(true)));
  }

  private static PatchContext context(boolean dryRun) {
    var context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Services.PLATFORM_MANAGER)
            .withForce(true);
    return (dryRun ? context.withDryRun(List.of("All")) : context).build();
  }

  <T extends HasMetadata> Optional<T> live(T object) {
    return call(
        "reading " + name(object), () -> Optional.ofNullable(client().resource(object).get()));
  }

  /** Creates an object; false when one has the name already. */
  boolean create(HasMetadata object) {
    return call(
        "creating " + name(object),
        () -> {
          try {
            client().resource(object).create();
            return true;
          } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Deletes an object and what it owns; the server does so in its own time. */
  void delete(HasMetadata object) {
    call(
        "deleting " + name(object),
        () ->
            client()
                .resource(object)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete());
  }

  /** Objects of a platform that floe made, in its own namespace, data excepted. */
  List<HasMetadata> owned(String namespace, String platform) {
    var labels = Map.of(Labels.MANAGED_BY, Services.PLATFORM_MANAGER, Labels.PLATFORM, platform);
    var owned = new ArrayList<HasMetadata>();
    for (var kind : PRUNED) {
      owned.addAll(
          call(
              "listing " + kind.getSimpleName(),
              () ->
                  List.<HasMetadata>copyOf(
                      client()
                          .resources(kind)
                          .inNamespace(namespace)
                          .withLabels(labels)
                          .list()
                          .getItems())));
    }
    return owned;
  }

  /** {@code Kind/namespace/name}. */
  static String name(HasMetadata object) {
    var metadata = object.getMetadata();
    return metadata.getNamespace() == null
        ? object.getKind() + "/" + metadata.getName()
        : "%s/%s/%s".formatted(object.getKind(), metadata.getNamespace(), metadata.getName());
  }

  /** Tells what is worth repeating from what is not. */
  static <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      int code = e.getCode();
      var words = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
      if (code == 0 || code == 401 || code == 409 || code == 429 || code >= 500 || terminating(e)) {
        throw new RuntimeUnavailableException(
            "the API server did not do its part while %s: %s".formatted(what, words), e);
      }
      throw new RolloutFailedException(
          "the API server refused %s: %s%s"
              .formatted(
                  what,
                  words,
                  code == 403 ? "; look at the rights of platform-manager's ServiceAccount" : ""),
          e);
    }
  }

  private static boolean terminating(KubernetesClientException e) {
    return e.getCode() == 403
        && e.getStatus() != null
        && String.valueOf(e.getStatus().getMessage()).contains("being terminated");
  }
}
