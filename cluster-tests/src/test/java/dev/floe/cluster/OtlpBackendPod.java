package dev.floe.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An OTLP backend inside the cluster, where the gateway of any cluster reaches it. */
final class OtlpBackendPod {
  private static final String NAME = "otlp-backend";
  private static final int PORT = 4318;

  private final Cluster cluster;
  private final String namespace;

  private OtlpBackendPod(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Starts one in a namespace and waits until it answers. */
  static OtlpBackendPod start(Cluster cluster, String namespace) {
    var client = cluster.client();
    var labels = Map.of("app.kubernetes.io/name", NAME);
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of("otlp_backend.py", script()))
                .build())
        .create();
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withSelector(labels)
                .addNewPort()
                .withPort(PORT)
                .endPort()
                .endSpec()
                .build())
        .create();
    var deployment =
        client
            .resource(
                new DeploymentBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .withNewSelector()
                    .withMatchLabels(labels)
                    .endSelector()
                    .withNewTemplate()
                    .withNewMetadata()
                    .withLabels(labels)
                    .endMetadata()
                    .withNewSpec()
                    .withNewSecurityContext()
                    .withRunAsNonRoot(true)
                    .withRunAsUser(65532L)
                    .withNewSeccompProfile()
                    .withType("RuntimeDefault")
                    .endSeccompProfile()
                    .endSecurityContext()
                    .addNewContainer()
                    .withName(NAME)
                    .withImage("floe.local/weather:1")
                    .withImagePullPolicy("IfNotPresent")
                    .withCommand("python", "/script/otlp_backend.py")
                    .addNewPort()
                    .withContainerPort(PORT)
                    .endPort()
                    .withNewReadinessProbe()
                    .withNewTcpSocket()
                    .withNewPort(PORT)
                    .endTcpSocket()
                    .withPeriodSeconds(1)
                    .endReadinessProbe()
                    .withNewSecurityContext()
                    .withAllowPrivilegeEscalation(false)
                    .withReadOnlyRootFilesystem(true)
                    .withNewCapabilities()
                    .withDrop("ALL")
                    .endCapabilities()
                    .endSecurityContext()
                    .addNewVolumeMount()
                    .withName("script")
                    .withMountPath("/script")
                    .endVolumeMount()
                    .endContainer()
                    .addNewVolume()
                    .withName("script")
                    .withNewConfigMap()
                    .withName(NAME)
                    .endConfigMap()
                    .endVolume()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build())
            .create();
    client.resource(deployment).waitUntilReady(2, TimeUnit.MINUTES);
    return new OtlpBackendPod(cluster, namespace);
  }

  /** Its base URL as pods see it. */
  URI url() {
    return URI.create("http://%s.%s.svc:%d".formatted(NAME, namespace, PORT));
  }

  /** The resource attributes and span names of everything that arrived so far. */
  List<Sent> spans() {
    try (var door = Door.toPod(cluster.client(), pod(), PORT)) {
      var all = new ArrayList<Sent>();
      for (var request : door.get("/received")) {
        if (request.path("path").asText().equals("/v1/traces")) {
          for (var spans : decode(request).getResourceSpansList()) {
            all.addAll(sent(spans));
          }
        }
      }
      return all;
    }
  }

  /**
   * One span and who sent it.
   *
   * @param beginsTrace whether it has no parent
   * @param resource attributes of its resource, as text
   */
  record Sent(
      String traceId,
      String name,
      SpanKind kind,
      boolean beginsTrace,
      Map<String, String> resource) {}

  private static List<Sent> sent(ResourceSpans spans) {
    var resource =
        spans.getResource().getAttributesList().stream()
            .collect(
                Collectors.toMap(
                    KeyValue::getKey,
                    it -> it.getValue().getStringValue(),
                    (first, again) -> first));
    return spans.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span ->
            new Sent(
                java.util.HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                span.getName(),
                span.getKind(),
                span.getParentSpanId().isEmpty(),
                resource))
        .toList();
  }

  private static ExportTraceServiceRequest decode(JsonNode request) {
    try {
      return ExportTraceServiceRequest.parseFrom(
          Base64.getDecoder().decode(request.path("body").asText()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("the gateway sent something that is not OTLP", e);
    }
  }

  private Pod pod() {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems()
        .getFirst();
  }

  private static String script() {
    try (var script = OtlpBackendPod.class.getResourceAsStream("otlp_backend.py")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
