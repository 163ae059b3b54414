package dev.floe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What each service may do with its own token, and, more so, what it may not. */
class ServiceRightsKT {
  private static final String DOMAIN_ROLE = "floe-job-launcher-domain";

  @RegisterExtension static final Cluster CLUSTER = Cluster.connect();

  @BeforeAll
  static void install() {
    Suite.install(CLUSTER);
  }

  @Test
  void jobLauncherMayDoNothingWhereItIsNotBound() {
    // Given
    var stranger = CLUSTER.namespace("kt-stranger");
    // When
    var launcher = CLUSTER.as(Suite.NAMESPACE, "job-launcher");
    // Then
    assertThat(rights(launcher, stranger)).isEmpty();
    assertThat(rights(launcher, Suite.NAMESPACE)).isEmpty();
    denied(() -> launcher.pods().inAnyNamespace().list());
    denied(() -> launcher.batch().v1().jobs().inNamespace(stranger).list());
    denied(() -> launcher.batch().v1().jobs().inNamespace(stranger).resource(job("j")).create());
    denied(() -> launcher.secrets().inNamespace(Suite.NAMESPACE).withName("floe-token").get());
    denied(() -> launcher.namespaces().list());
  }

  @Test
  void jobLauncherMayRunJobsWhereItIsBoundAndReadNoSecretThere() {
    // Given
    var domain = CLUSTER.namespace("kt-domain");
    bind(CLUSTER.client(), domain, DOMAIN_ROLE);
    // When
    var launcher = CLUSTER.as(Suite.NAMESPACE, "job-launcher");
    // Then
    assertThat(rights(launcher, domain))
        .containsExactlyInAnyOrder(
            "batch/jobs create,delete,get,list,patch,watch",
            "/pods get,list,patch,watch",
            "/pods/log get",
            "/events get,list,watch",
            "events.k8s.io/events create,get,list,watch");
    var jobs = launcher.batch().v1().jobs().inNamespace(domain);
    jobs.resource(job("allowed")).create();
    jobs.withName("allowed").delete();
    denied(() -> launcher.secrets().inNamespace(domain).list());
    denied(() -> launcher.configMaps().inNamespace(domain).list());
    denied(() -> launcher.pods().inNamespace(domain).withName("any").delete());
    denied(() -> bind(launcher, domain, "cluster-admin"));
  }

  @Test
  void platformManagerMayLetJobLauncherInAndHandOutNothingElse() {
    // Given
    var domain = CLUSTER.namespace("kt-domain");
    // When
    var manager = CLUSTER.as(Suite.NAMESPACE, "platform-manager");
    // Then
    bind(manager, domain, DOMAIN_ROLE);
    denied(() -> bind(manager, domain, "cluster-admin"));
    denied(() -> bind(manager, domain, "edit"));
    denied(() -> manager.nodes().list());
    denied(() -> manager.rbac().clusterRoles().list());
    denied(() -> manager.pods().inNamespace(domain).withName("any").delete());
  }

  @Test
  void platformManagerMayNotDeleteWhatHoldsDataNorRoleBindings() {
    // Given
    var domain = CLUSTER.namespace("kt-domain");
    // When
    var manager = CLUSTER.as(Suite.NAMESPACE, "platform-manager");
    // Then
    denied(() -> manager.secrets().inNamespace(domain).withName("any").delete());
    denied(() -> manager.persistentVolumeClaims().inNamespace(domain).withName("any").delete());
    denied(() -> manager.rbac().roleBindings().inNamespace(domain).withName("any").delete());
    denied(() -> manager.namespaces().withName(domain).delete());
    manager.configMaps().inNamespace(domain).withName("any").delete();
    manager.batch().v1().jobs().inNamespace(domain).withName("any").delete();
  }

  @Test
  void telemetryGatewayReadsPodsAndNothingElse() {
    // Given
    var anywhere = CLUSTER.namespace("kt-anywhere");
    // When
    var gateway = CLUSTER.as(Suite.NAMESPACE, "telemetry-gateway");
    // Then
    assertThat(rights(gateway, anywhere)).containsExactly("/pods get,list,watch");
    gateway.pods().inAnyNamespace().list();
    denied(() -> gateway.secrets().inNamespace(Suite.NAMESPACE).list());
    denied(() -> gateway.pods().inNamespace(anywhere).withName("any").delete());
  }

  /** The rules in a namespace, but for what every account has: asking for its own rights. */
  private static Set<String> rights(KubernetesClient client, String namespace) {
    var review =
        client
            .resource(
                new SelfSubjectRulesReviewBuilder()
                    .withNewSpec()
                    .withNamespace(namespace)
                    .endSpec()
                    .build())
            .create();
    return review.getStatus().getResourceRules().stream()
        .filter(rule -> rule.getResources().stream().noneMatch(r -> r.startsWith("selfsubject")))
        .map(ServiceRightsKT::words)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String words(ResourceRule rule) {
    return String.join(",", rule.getApiGroups())
        + "/"
        + String.join(",", rule.getResources())
        + (rule.getResourceNames().isEmpty() ? "" : rule.getResourceNames().toString())
        + " "
        + String.join(",", new TreeSet<>(rule.getVerbs()));
  }

  private static void denied(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
  }

  private static void bind(KubernetesClient client, String namespace, String role) {
    client
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(role)
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject(null, "ServiceAccount", "job-launcher", Suite.NAMESPACE)
                .build())
        .create();
  }

  private static io.fabric8.kubernetes.api.model.batch.v1.Job job(String name) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withSuspend(true)
        .withNewTemplate()
        .withNewSpec()
        .withRestartPolicy("Never")
        .addNewContainer()
        .withName("job")
        .withImage("floe.local/weather:1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
