package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.Names;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeConfig;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Namespaces of platforms and domains, and what job-launcher may do in the latter. */
final class ClusterDomains {
  private static final String ROLE_BINDING = "floe-job-launcher";

  private final ClusterObjects objects;
  private final RuntimeConfig config;

  ClusterDomains(ClusterObjects objects, RuntimeConfig config) {
    this.objects = objects;
    this.config = config;
  }

  /**
   * Makes a namespace under the restricted Pod Security standard. One that is there already is
   * taken only when floe made it for this platform.
   */
  void namespace(String name, String platform, @Nullable String domain) {
    var builder =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels(Labels.MANAGED_BY, Services.PLATFORM_MANAGER)
            .addToLabels(Labels.PART_OF, Names.FLOE)
            .addToLabels(Labels.PLATFORM, platform)
            .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
            .addToLabels("pod-security.kubernetes.io/warn", "restricted");
    var wanted =
        (domain == null ? builder : builder.addToLabels(Labels.DOMAIN, domain))
            .endMetadata()
            .build();
    var live = objects.live(wanted);
    if (live.isPresent()) {
      var labels = live.get().getMetadata().getLabels();
      var owner = labels == null ? null : labels.get(Labels.PLATFORM);
      if (!platform.equals(owner)) {
        throw new RolloutFailedException(
            "the namespace %s is there already and %s; choose another, or hand it over: kubectl label"
                    .formatted(
                        name,
                        owner == null ? "was not made by floe" : "belongs to platform " + owner)
                + " namespace %s %s=%s".formatted(name, Labels.PLATFORM, platform));
      }
      if (labels.entrySet().containsAll(wanted.getMetadata().getLabels().entrySet())) {
        return;
      }
    }
    objects.apply(wanted);
  }

  void domain(Plan plan, PlannedDomain domain) {
    namespace(domain.namespace(), plan.platform(), domain.name());
    var wanted =
        new RoleBindingBuilder()
            .withNewMetadata()
            .withName(ROLE_BINDING)
            .withNamespace(domain.namespace())
            .withLabels(
                Map.of(
                    Labels.MANAGED_BY, Services.PLATFORM_MANAGER,
                    Labels.PART_OF, Names.FLOE,
                    Labels.PLATFORM, plan.platform()))
            .endMetadata()
            .withNewRoleRef(
                "rbac.authorization.k8s.io", "ClusterRole", config.jobLauncherClusterRole())
            .addNewSubject(
                "", "ServiceAccount", config.jobLauncherServiceAccount(), config.suiteNamespace())
            .build();
    var live = objects.live(wanted);
    if (live.isEmpty()
        || !live.get().getRoleRef().equals(wanted.getRoleRef())
        || live.get().getSubjects().stream()
            .noneMatch(subject ->
                config.jobLauncherServiceAccount().equals(subject.getName())
                    && config.suiteNamespace().equals(subject.getNamespace()))) {
      objects.apply(wanted);
    }
  }
}
