package dev.floe.cluster;

import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The suite in a cluster, installed by the scripts that anybody uses. It stays afterwards. */
final class Suite {
  static final String NAMESPACE = "floe";

  private Suite() {}

  /** Installs the suite as this build made it, or brings the installed one up to date. */
  static void install(Cluster cluster) {
    Command.run(List.of(Checkout.file("deploy/suite/build.sh").toString()), Map.of(), SHORT)
        .worked();
    Command.run(
            List.of(Checkout.file("deploy/suite/install.sh").toString(), "--timeout", "600"),
            Map.of("KUBECONFIG", cluster.kubeconfig().toString()),
            LONG)
        .worked();
  }

  /** Types {@code rotate.sh …}. */
  static void rotate(Cluster cluster, String... words) {
    var command = new ArrayList<String>();
    command.add(Checkout.file("deploy/suite/rotate.sh").toString());
    command.addAll(List.of(words));
    Command.run(command, Map.of("KUBECONFIG", cluster.kubeconfig().toString()), LONG).worked();
  }

  /** What an operator configures: keys of a service besides those of the manifests. */
  static void configure(Cluster cluster, String service, Map<String, String> environment) {
    var name = service + "-env";
    var configMaps = cluster.client().configMaps().inNamespace(NAMESPACE);
    var present = configMaps.withName(name).get();
    if (present != null && Objects.equals(present.getData(), environment)) {
      return;
    }
    configMaps
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withData(environment)
                .build())
        .createOr(existing -> existing.update());
    var deployment = cluster.client().apps().deployments().inNamespace(NAMESPACE).withName(service);
    deployment.rolling().restart();
    deployment.waitUntilCondition(
        d ->
            d != null
                && d.getStatus() != null
                && Objects.equals(
                    d.getStatus().getObservedGeneration(), d.getMetadata().getGeneration())
                && Objects.equals(d.getStatus().getUpdatedReplicas(), d.getSpec().getReplicas())
                && Objects.equals(d.getStatus().getReplicas(), d.getSpec().getReplicas())
                && Objects.equals(d.getStatus().getAvailableReplicas(), d.getSpec().getReplicas()),
        LONG.toMillis(),
        java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private static final Duration SHORT = Duration.ofMinutes(3);
  private static final Duration LONG = Duration.ofMinutes(10);
}
