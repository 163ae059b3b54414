package dev.floe.telemetry.enrich;

import dev.floe.telemetry.wire.AttributeEdits;
import dev.floe.telemetry.wire.AttributeKey;
import org.jspecify.annotations.Nullable;

/** A pod with its attributes, encoded once. */
final class KnownPod {
  private final Pod pod;
  private final AttributeEdits additions;
  private final AttributeEdits authority;

  KnownPod(Pod pod) {
    this.pod = pod;
    this.additions = edits(pod, false);
    this.authority = edits(pod, true);
  }

  Pod pod() {
    return pod;
  }

  /**
   * Whether the pod is an attempt of a run: it runs its owner's code and speaks for itself only.
   */
  boolean isAttempt() {
    return pod.run() != null;
  }

  /**
   * @return attributes for a resource that has none of its own
   */
  AttributeEdits additions() {
    return additions;
  }

  /**
   * @return attributes that stand whatever a resource claims
   */
  AttributeEdits authority() {
    return authority;
  }

  private static AttributeEdits edits(Pod pod, boolean authoritative) {
    var edits = AttributeEdits.builder();
    put(edits, SenderKeys.DOMAIN, pod.domain(), authoritative);
    put(edits, SenderKeys.PRODUCT, pod.product(), authoritative);
    put(edits, SenderKeys.PIPELINE, pod.pipeline(), authoritative);
    put(edits, SenderKeys.RUN_ID, pod.run(), authoritative);
    put(edits, SenderKeys.ATTEMPT, pod.attempt(), authoritative);
    put(edits, SenderKeys.NAMESPACE, pod.namespace(), authoritative);
    put(edits, SenderKeys.POD, pod.name(), authoritative);
    put(edits, SenderKeys.POD_UID, pod.uid(), authoritative);
    put(edits, SenderKeys.JOB, pod.job(), authoritative);
    put(edits, SenderKeys.NODE, pod.node(), authoritative);
    var namespace = pod.domain() == null ? pod.namespace() : pod.domain();
    edits.ifAbsent(SenderKeys.SERVICE_NAMESPACE, namespace);
    return edits.build();
  }

  private static void put(
      AttributeEdits.Builder edits,
      AttributeKey key,
      @Nullable String value,
      boolean authoritative) {
    if (value != null) {
      if (authoritative) {
        edits.set(key, value);
      } else {
        edits.ifAbsent(key, value);
      }
    } else if (authoritative) {
      edits.remove(key);
    }
  }
}
