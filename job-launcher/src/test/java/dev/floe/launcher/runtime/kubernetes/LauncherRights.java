package dev.floe.launcher.runtime.kubernetes;

import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * job-launcher's rights as they are shipped: a service account of a namespace of its own, and the
 * rules of its manifest, which are bound to it in the namespace of a domain as platform-manager
 * does, and nowhere else.
 */
public final class LauncherRights implements AutoCloseable {
  private static final String ACCOUNT = "job-launcher";
  private static final String BINDING = "floe-job-launcher";

  private final Cluster cluster;
  private final String suite;
  private final String role;

  private LauncherRights(Cluster cluster, String suite, String role) {
    this.cluster = cluster;
    this.suite = suite;
    this.role = role;
  }

  /** Makes the account and the role; nothing is bound yet. */
  public static LauncherRights install(Cluster cluster) throws IOException {
    var suite = cluster.namespace("kt-suite");
    cluster
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(ACCOUNT)
                .withNamespace(suite)
                .endMetadata()
                .build())
        .create();
    var role = suite + "-job-launcher-domain";
    cluster
        .client()
        .resource(
            new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(role)
                .endMetadata()
                .withRules(rules(cluster.client()))
                .build())
        .create();
    return new LauncherRights(cluster, suite, role);
  }

  private static List<PolicyRule> rules(KubernetesClient client) throws IOException {
    try (var manifest = Files.newInputStream(Path.of("src/main/kubernetes/kubernetes.yml"))) {
      return client.load(manifest).items().stream()
          .filter(ClusterRole.class::isInstance)
          .map(ClusterRole.class::cast)
          .filter(one -> one.getMetadata().getName().equals("floe-job-launcher-domain"))
          .findFirst()
          .orElseThrow()
          .getRules();
    }
  }

  /** Makes a domain's namespace and binds the role there. */
  public String domain(String purpose) {
    var namespace = cluster.namespace(purpose);
    bind(namespace);
    return namespace;
  }

  public void bind(String namespace) {
    cluster.client().resource(binding(namespace)).create();
  }

  public void unbind(String namespace) {
    cluster.client().resource(binding(namespace)).delete();
  }

  /** A runtime with these rights and no others; open until the cluster's extension closes. */
  public KubernetesJobRuntime open() {
    return open(Map.of());
  }

  KubernetesJobRuntime open(Map<String, String> values) {
    return open(cluster.as(suite, ACCOUNT), values);
  }

  static KubernetesJobRuntime open(KubernetesClient client, Map<String, String> values) {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(KubernetesRuntimeConfig.class)
            .withDefaultValue("floe.launcher.kubernetes.termination-grace", "PT5S")
            .withDefaultValues(values)
            .build()
            .getConfigMapping(KubernetesRuntimeConfig.class);
    return new KubernetesJobRuntime(client, config, (_, _, _) -> {});
  }

  private RoleBinding binding(String namespace) {
    return new RoleBindingBuilder()
        .withNewMetadata()
        .withName(BINDING)
        .withNamespace(namespace)
        .endMetadata()
        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
        .addNewSubject("", "ServiceAccount", ACCOUNT, suite)
        .build();
  }

  @Override
  public void close() {
    cluster.client().rbac().clusterRoles().withName(role).delete();
  }
}
