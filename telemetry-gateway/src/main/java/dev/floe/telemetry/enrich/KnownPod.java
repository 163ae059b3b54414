package dev.floe.telemetry.enrich;

import dev.floe.telemetry.wire.AttributeEdits;
import dev.floe.telemetry.wire.AttributeKey;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod with its attributes, encoded once. */
final class KnownPod {
  private final Pod pod;
  private final AttributeEdits additions;
  private final AttributeEdits authority;
  private final String uidKey;
  private final String nameKey;
  private final Set<String> ownAddresses;

  KnownPod(Pod pod) {
    this(pod, edits(pod, false), edits(pod, true));
  }

  private KnownPod(Pod pod, AttributeEdits additions, AttributeEdits authority) {
    this.pod = pod;
    this.additions = additions;
    this.authority = authority;
    this.uidKey = PodDirectory.uidKey(pod.uid());
    this.nameKey = PodDirectory.nameKey(pod.namespace(), pod.name());
    this.ownAddresses =
        pod.ips().stream()
            .map(PodAddress::canonical)
            .filter(Objects::nonNull)
            .map(PodDirectory::addressKey)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @return the same pod, finished
   */
  KnownPod ended() {
    return new KnownPod(pod.ended(), additions, authority);
  }

  String uidKey() {
    return uidKey;
  }

  String nameKey() {
    return nameKey;
  }

  /**
   * @return keys of the addresses that it holds; none once it has finished
   */
  Set<String> addresses() {
    return pod.finished() ? Set.of() : ownAddresses;
  }

  /**
   * Whether its telemetry may come from an address that another attempt seems to hold: it is an
   * attempt that runs on a node and whose address is not known yet, or it has ended and had this
   * address.
   *
   * @param identity key of the uid or the name that the telemetry gives
   * @param addressKey of the connection that it came on
   */
  boolean mayHaveSent(String identity, String addressKey) {
    if (!isAttempt() || pod.node() == null) {
      // Pods that share their node's address have none of their own either; attempts never do.
      return false;
    }
    return pod.finished()
        ? identity.equals(uidKey) && ownAddresses.contains(addressKey)
        : ownAddresses.isEmpty();
  }

  Pod pod() {
    return pod;
  }

  /**
   * @param identity key of a uid or a name
   */
  boolean isNamed(String identity) {
    return identity.equals(uidKey) || identity.equals(nameKey);
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
