package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.Names.Services;
import dev.floe.platform.runtime.WritePermit;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads and writes single objects, by server-side apply under floe's own field manager. Every write
 * asks for its {@link WritePermit} first.
 */
final class ClusterObjects {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Supplier<KubernetesClient> client;
  private final WritePermit permit;

  ClusterObjects(Supplier<KubernetesClient> client, WritePermit permit) {
    this.client = client;
    this.permit = permit;
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

  /** Applies an object, whoever manages its fields. */
  HasMetadata apply(HasMetadata object) {
    permit.check();
    return call(
        "applying " + name(object), () -> client().resource(object).patch(context(false, true)));
  }

  /**
   * Applies an object where nobody else manages any of its fields with another value.
   *
   * @param dryRun whether nothing is changed
   * @throws FieldConflictException naming the fields of others
   */
  HasMetadata applyUnforced(HasMetadata object, boolean dryRun) {
    if (!dryRun) {
      permit.check();
    }
    return call(
        "applying " + name(object),
        () -> {
          try {
            return client().resource(object).patch(context(dryRun, false));
          } catch (KubernetesClientException e) {
            var conflict = FieldConflictException.of(e);
            if (conflict.isPresent()) {
              throw conflict.get();
            }
            throw e;
          }
        });
  }

  /** What the server would make of an object; it is not changed. */
  HasMetadata dryRun(HasMetadata object) {
    return call(
        "comparing " + name(object), () -> client().resource(object).patch(context(true, true)));
  }

  private static PatchContext context(boolean dryRun, boolean force) {
    var context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Services.PLATFORM_MANAGER)
            .withForce(force);
    return (dryRun ? context.withDryRun(List.of("All")) : context).build();
  }

  <T extends HasMetadata> Optional<T> live(T object) {
    return call(
        "reading " + name(object), () -> Optional.ofNullable(client().resource(object).get()));
  }

  /** Creates an object; false when one has the name already. */
  boolean create(HasMetadata object) {
    permit.check();
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

  /** Adds the fields of an object to the one that has its name. */
  HasMetadata merge(HasMetadata object) {
    permit.check();
    return call(
        "completing " + name(object),
        () -> client().resource(object).patch(PatchContext.of(PatchType.JSON_MERGE)));
  }

  /**
   * Deletes an object and what it owns; the server does so in its own time.
   *
   * @param live as it was read: nothing is deleted when it has changed since. Its resource version
   *     also tells it from a later object of the same name, because the server never gives a
   *     version twice.
   * @return false when it has changed since it was read
   */
  boolean delete(HasMetadata live) {
    permit.check();
    return call(
        "deleting " + name(live),
        () -> {
          try {
            // The interfaces offer either a propagation policy or a precondition; the operation
            // behind them takes both.
            var deletion =
                (Resource<?>)
                    client().resource(live).withPropagationPolicy(DeletionPropagation.FOREGROUND);
            deletion.lockResourceVersion(live.getMetadata().getResourceVersion()).delete();
            return true;
          } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
              return false;
            }
            throw e;
          }
        });
  }

  /** {@code Kind/namespace/name}. */
  static String name(HasMetadata object) {
    var metadata = object.getMetadata();
    return metadata.getNamespace() == null
        ? object.getKind() + "/" + metadata.getName()
        : "%s/%s/%s".formatted(object.getKind(), metadata.getNamespace(), metadata.getName());
  }

  /** Calls the API server; {@link ApiErrors} says which exception an error becomes. */
  static <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      throw ApiErrors.of(what, e);
    }
  }
}
