package dev.floe.telemetry.runtime.kubernetes;

import dev.floe.contract.Names.Labels;
import dev.floe.telemetry.enrich.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what telemetry needs to know out of a pod. */
final class PodReader {
  private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  private PodReader() {}

  static Pod read(io.fabric8.kubernetes.api.model.Pod pod) {
    var metadata = pod.getMetadata();
    Map<String, String> labels = metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    var spec = pod.getSpec();
    var status = pod.getStatus();
    boolean ofNode = spec != null && Boolean.TRUE.equals(spec.getHostNetwork());
    return new Pod(
        metadata.getUid(),
        metadata.getNamespace(),
        metadata.getName(),
        ofNode || status == null ? List.of() : addresses(status),
        spec == null ? null : spec.getNodeName(),
        job(pod),
        labels.get(Labels.DOMAIN),
        labels.get(Labels.PRODUCT),
        labels.get(Labels.PIPELINE),
        labels.get(Labels.RUN),
        labels.get(Labels.ATTEMPT),
        status != null && status.getPhase() != null && FINISHED.contains(status.getPhase()));
  }

  /** One address per IP family; {@code podIP} repeats the first of them. */
  private static List<String> addresses(PodStatus status) {
    var addresses = new LinkedHashSet<String>();
    if (status.getPodIP() != null) {
      addresses.add(status.getPodIP());
    }
    if (status.getPodIPs() != null) {
      for (var one : status.getPodIPs()) {
        if (one.getIp() != null) {
          addresses.add(one.getIp());
        }
      }
    }
    return List.copyOf(addresses);
  }

  private static @Nullable String job(io.fabric8.kubernetes.api.model.Pod pod) {
    var owners = pod.getMetadata().getOwnerReferences();
    if (owners == null) {
      return null;
    }
    for (var owner : owners) {
      if ("Job".equals(owner.getKind())) {
        return owner.getName();
      }
    }
    return null;
  }
}
