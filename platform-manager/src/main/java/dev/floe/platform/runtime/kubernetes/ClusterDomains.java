package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.Names;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceFluent;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * taken only when floe made it for this platform, or for one that has given it up.
   */
  void namespace(String name, String platform, @Nullable String domain) {
    neededNamespace(name, platform, domain).ifPresent(objects::apply);
  }

  /**
   * The namespace as it should be; empty when it is so already.
   *
   * @throws RolloutFailedException when it is somebody else's
   */
  private Optional<Namespace> neededNamespace(
      String name, String platform, @Nullable String domain) {
    var builder = basic(name).addToLabels(Labels.PLATFORM, platform);
    var wanted =
        (domain == null ? builder : builder.addToLabels(Labels.DOMAIN, domain))
            .endMetadata()
            .build();
    var live = objects.live(wanted);
    if (live.isPresent()) {
      var labels = live.get().getMetadata().getLabels();
      var owner = labels == null ? null : labels.get(Labels.PLATFORM);
      if (!platform.equals(owner) && !isFree(labels)) {
        throw new RolloutFailedException(
            "the namespace %s is there already and %s; choose another, or hand it over: kubectl label"
                    .formatted(
                        name,
                        owner == null ? "was not made by floe" : "belongs to platform " + owner)
                + " namespace %s %s=%s".formatted(name, Labels.PLATFORM, platform));
      }
      if (labels.entrySet().containsAll(wanted.getMetadata().getLabels().entrySet())) {
        return Optional.empty();
      }
    }
    return Optional.of(wanted);
  }

  private static boolean isFree(@Nullable Map<String, String> labels) {
    return labels != null
        && Services.PLATFORM_MANAGER.equals(labels.get(Labels.MANAGED_BY))
        && !labels.containsKey(Labels.PLATFORM);
  }

  /** Without the platform that has it. */
  private static NamespaceFluent<NamespaceBuilder>.MetadataNested<NamespaceBuilder> basic(
      String name) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(Labels.MANAGED_BY, Services.PLATFORM_MANAGER)
        .addToLabels(Labels.PART_OF, Names.FLOE)
        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
        .addToLabels("pod-security.kubernetes.io/warn", "restricted");
  }

  private RoleBindingBuilder grant(String platform, String namespace) {
    return new RoleBindingBuilder()
        .withNewMetadata()
        .withName(ROLE_BINDING)
        .withNamespace(namespace)
        .withLabels(
            Map.of(
                Labels.MANAGED_BY, Services.PLATFORM_MANAGER,
                Labels.PART_OF, Names.FLOE,
                Labels.PLATFORM, platform))
        .endMetadata()
        .withNewRoleRef(
            "rbac.authorization.k8s.io", "ClusterRole", config.jobLauncherClusterRole());
  }

  /**
   * Takes the grant of a domain back and gives its namespace up, so that another platform may have
   * it. The RoleBinding stays without a subject: that needs no right to delete those of others.
   *
   * @param free whether its namespace is given up too: not the one that the platform itself is in
   * @return whether there was a grant
   */
  boolean revoke(String platform, String namespace, boolean free) {
    var revocation = revocation(platform, namespace);
    revocation.ifPresent(objects::apply);
    var given = basic(namespace).endMetadata().build();
    boolean held =
        free
            && objects
                .live(given)
                .filter(live -> live.getMetadata().getDeletionTimestamp() == null)
                .filter(live -> Ownership.foreign(live, platform).isEmpty())
                .isPresent();
    if (held) {
      objects.apply(given);
    }
    return revocation.isPresent();
  }

  /** The grant without a subject; empty where nothing is granted. */
  private Optional<RoleBinding> revocation(String platform, String namespace) {
    var nobody = grant(platform, namespace).build();
    return objects
        .live(nobody)
        .filter(live -> Ownership.foreign(live, platform).isEmpty())
        .filter(live -> !live.getSubjects().isEmpty())
        .map(live -> nobody);
  }

  void domain(Plan plan, PlannedDomain domain) {
    namespace(domain.namespace(), plan.platform(), domain.name());
    neededGrant(plan, domain).ifPresent(objects::apply);
  }

  /** The grant as it should be; empty when it is so already. */
  private Optional<RoleBinding> neededGrant(Plan plan, PlannedDomain domain) {
    var wanted =
        grant(plan.platform(), domain.namespace())
            .addNewSubject(
                "", "ServiceAccount", config.jobLauncherServiceAccount(), config.suiteNamespace())
            .build();
    var live = objects.live(wanted);
    boolean needed =
        live.isEmpty()
            || !live.get().getRoleRef().equals(wanted.getRoleRef())
            || live.get().getSubjects().stream()
                .noneMatch(subject ->
                    config.jobLauncherServiceAccount().equals(subject.getName())
                        && config.suiteNamespace().equals(subject.getNamespace()));
    return needed ? Optional.of(wanted) : Optional.empty();
  }

  /**
   * Namespaces and grants that a deploy of a plan would apply.
   *
   * @param former domains of earlier releases
   */
  List<HasMetadata> needed(Plan plan, List<PlannedDomain> former) {
    var needed = new ArrayList<HasMetadata>();
    neededNamespace(plan.namespace(), plan.platform(), null).ifPresent(needed::add);
    for (var domain : plan.domains()) {
      neededNamespace(domain.namespace(), plan.platform(), domain.name()).ifPresent(needed::add);
      neededGrant(plan, domain).ifPresent(needed::add);
    }
    var present = plan.domains().stream().map(PlannedDomain::namespace).toList();
    former.stream()
        .map(PlannedDomain::namespace)
        .distinct()
        .filter(namespace -> !present.contains(namespace))
        .forEach(namespace -> revocation(plan.platform(), namespace).ifPresent(needed::add));
    return needed;
  }
}
