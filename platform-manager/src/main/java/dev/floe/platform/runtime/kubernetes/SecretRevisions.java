package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.kit.idempotency.PayloadHash;
import dev.floe.platform.blueprint.PodReferences;
import dev.floe.platform.plan.RunOnceJob;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Marks the pods of a workload with the revisions of the Secrets they read, so that a changed
 * Secret replaces exactly those pods. A revision is the uid and resource version of the Secret: its
 * content goes into nothing that others may read, not even as a hash. Each Secret is read once.
 */
final class SecretRevisions {
  /** Annotation of pods that changes with the Secrets they read. */
  static final String ANNOTATION = "floe.dev/secrets-revision";

  private final ClusterObjects objects;
  private final String namespace;
  private final Map<String, String> read = new HashMap<>();

  /**
   * @param namespace of the workloads and their Secrets
   */
  SecretRevisions(ClusterObjects objects, String namespace) {
    this.objects = objects;
    this.namespace = namespace;
  }

  /**
   * The object as it is, or a copy with the annotation where it has pods that read Secrets. A Job
   * is not changed: it does not run again because of another password.
   */
  ObjectNode mark(ObjectNode tree) {
    if (RunOnceJob.is(tree)) {
      return tree;
    }
    var secrets = PodReferences.of(tree.path("spec").path("template").path("spec")).secrets();
    if (secrets.isEmpty()) {
      return tree;
    }
    var revisions = new TreeMap<String, String>();
    secrets.forEach(name -> revisions.put(name, read.computeIfAbsent(name, this::revision)));
    var marked = tree.deepCopy();
    marked
        .withObject("/spec/template/metadata/annotations")
        .put(ANNOTATION, HexFormat.of().formatHex(PayloadHash.of(revisions)).substring(0, 16));
    return marked;
  }

  private String revision(String name) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .build();
    return objects
        .live(secret)
        .map(live -> live.getMetadata().getUid() + '/' + live.getMetadata().getResourceVersion())
        .orElse("");
  }
}
