package dev.floe.launcher.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.launcher.runtime.AccessLostException;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Attempts;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.test.Cluster;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the runtime answers where the cluster refuses something, with the rights that job-launcher
 * is shipped with. Needs no node.
 */
class DomainRightsKT {
  @RegisterExtension static final Cluster CLUSTER = Cluster.connect();

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static LauncherRights rights;
  private static KubernetesJobRuntime runtime;

  @BeforeAll
  static void install() throws IOException {
    rights = LauncherRights.install(CLUSTER);
    runtime = rights.open();
  }

  @AfterAll
  static void remove() {
    rights.close();
  }

  private static Attempts attempt(String namespace) {
    return Attempts.shell(namespace, "floe.local/weather:1", "true");
  }

  private static String granted(Attempts attempt) {
    return await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(AccessLostException.class)
        .until(() -> runtime.create(attempt.spec()), uid -> !uid.isEmpty());
  }

  /** Rights are lost and gained a moment after their objects change. */
  private static void lost(ThrowingCallable call) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThatThrownBy(call).isInstanceOf(AccessLostException.class));
  }

  @Test
  void aRoleBindingThatIsRemovedIsAccessLostUntilItIsThereAgain() {
    // Given
    var namespace = rights.domain("kt-unbound");
    var attempt = attempt(namespace);
    var uid = granted(attempt);
    // When
    rights.unbind(namespace);
    // Then
    lost(() -> runtime.observe(attempt.ref()));
    lost(() -> runtime.release(attempt.ref(), uid));
    lost(() -> runtime.stop(attempt.ref(), Duration.ZERO));
    lost(() -> runtime.delete(attempt.ref(), uid));
    lost(() -> runtime.log(attempt.ref(), LogPosition.START, false));
    lost(() -> runtime.create(attempt(namespace).spec()));

    // When
    rights.bind(namespace);
    // Then
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(AccessLostException.class)
        .until(
            () -> runtime.observe(attempt.ref()).equals(new Observation.Waiting(uid, true, null)));
  }

  @Test
  void aNamespaceThatIsRemovedIsAccessLost() {
    // Given
    var namespace = rights.domain("kt-gone");
    var attempt = attempt(namespace);
    var uid = granted(attempt);
    // When
    CLUSTER.client().namespaces().withName(namespace).delete();
    await()
        .atMost(LIMIT)
        .until(() -> CLUSTER.client().namespaces().withName(namespace).get() == null);
    // Then
    lost(() -> runtime.observe(attempt.ref()));
    lost(() -> runtime.delete(attempt.ref(), uid));
    lost(() -> runtime.create(attempt.spec()));
  }

  @Test
  void aNamespaceThatWasNeverDeclaredIsAccessLostWhateverTheRights() {
    // Given
    var nowhere = attempt("kt-no-such-namespace");
    var foreign = attempt("default");
    var admin = LauncherRights.open(CLUSTER.client(), Map.of());
    // When
    assertThatThrownBy(() -> runtime.create(foreign.spec()))
        // Then
        .isInstanceOf(AccessLostException.class)
        .hasMessageContaining("platform-manager grants it");
    assertThatThrownBy(() -> runtime.create(nowhere.spec()))
        .isInstanceOfSatisfying(
            AccessLostException.class, e -> assertThat(e.namespaceMissing()).isFalse());
    assertThatThrownBy(() -> admin.create(nowhere.spec()))
        .hasMessageContaining("declare the domain")
        .isInstanceOfSatisfying(
            AccessLostException.class, e -> assertThat(e.namespaceMissing()).isTrue());
  }

  @Test
  void aPolicyThatDeniesTheReleaseRefusesIt() {
    for (var reason : new String[] {"Invalid", "Forbidden"}) {
      // Given: a policy that lets Jobs be made and not be let run, answering 422 or 403
      var namespace = rights.domain("kt-policy");
      var attempt = attempt(namespace);
      var uid = granted(attempt);
      policy(namespace, reason);
      try {
        // When
        await()
            .atMost(LIMIT)
            .untilAsserted(() -> {
              var probe = attempt(namespace);
              var probed = runtime.create(probe.spec());
              // Then
              assertThatThrownBy(() -> runtime.release(probe.ref(), probed))
                  .isInstanceOfSatisfying(
                      LaunchRefusedException.class,
                      e -> {
                        assertThat(e.obstacle().kind()).isEqualTo(Obstacle.Kind.ADMISSION_DENIED);
                        assertThat(e.obstacle().message()).contains("nothing runs today");
                      });
            });
        assertThatThrownBy(() -> runtime.release(attempt.ref(), uid))
            .isInstanceOf(LaunchRefusedException.class);
        assertThat(runtime.observe(attempt.ref()))
            .isEqualTo(new Observation.Waiting(uid, true, null));
        // a Job that is not this one is not released, and that is not a refusal
        runtime.release(attempt.ref(), "00000000-0000-0000-0000-000000000000");
        runtime.release(new AttemptRef(namespace, "t-nobody", 1), uid);
      } finally {
        removePolicy(namespace);
      }
    }
  }

  private static void policy(String namespace, String reason) {
    CLUSTER
        .client()
        .resource(
            new ValidatingAdmissionPolicyBuilder()
                .withNewMetadata()
                .withName(namespace)
                .endMetadata()
                .withNewSpec()
                .withFailurePolicy("Fail")
                .withNewMatchConstraints()
                .addNewResourceRule()
                .withApiGroups("batch")
                .withApiVersions("v1")
                .withOperations("UPDATE")
                .withResources("jobs")
                .endResourceRule()
                .endMatchConstraints()
                .addNewValidation()
                .withExpression("object.spec.suspend == true")
                .withMessage("nothing runs today")
                .withReason(reason)
                .endValidation()
                .endSpec()
                .build())
        .create();
    CLUSTER
        .client()
        .resource(
            new ValidatingAdmissionPolicyBindingBuilder()
                .withNewMetadata()
                .withName(namespace)
                .endMetadata()
                .withNewSpec()
                .withPolicyName(namespace)
                .withValidationActions("Deny")
                .withNewMatchResources()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", namespace)
                .endNamespaceSelector()
                .endMatchResources()
                .endSpec()
                .build())
        .create();
  }

  private static void removePolicy(String name) {
    var api = CLUSTER.client().admissionRegistration().v1();
    api.validatingAdmissionPolicyBindings().withName(name).delete();
    api.validatingAdmissionPolicies().withName(name).delete();
  }
}
