package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.Names.Labels;
import dev.floe.contract.platform.PlatformDiff.Action;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.kit.kubernetes.KubernetesEvents;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.Planner;
import dev.floe.platform.plan.RunOnceJob;
import dev.floe.platform.plan.TreeDiff;
import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformLook;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.RuntimeConfig;
import dev.floe.platform.runtime.WritePermit;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Platforms on Kubernetes. */
@Singleton
@Typed(KubernetesPlatformRuntime.class)
public class KubernetesPlatformRuntime implements PlatformRuntime {
  /** Value of {@code floe.runtime}. */
  public static final String NAME = "kubernetes";

  private static final String CONTROLLER = "floe.dev/platform-manager";
  private static final Duration REMOVAL = Duration.ofMinutes(3);

  /** What the server writes by itself. */
  private static final Set<String> SERVERS_OWN =
      Set.of(
          "/metadata/managedFields",
          "/metadata/resourceVersion",
          "/metadata/generation",
          "/metadata/creationTimestamp",
          "/metadata/uid",
          "/status");

  private final RuntimeConfig config;
  private final KubernetesEvents events;
  private final Supplier<KubernetesClient> client;

  /** For reads, and for writes that belong to no rollout. */
  private final ClusterObjects objects;

  private final ClusterSecrets secrets;

  @Inject
  KubernetesPlatformRuntime(
      RuntimeConfig config, Instance<KubernetesClient> client, KubernetesEvents events) {
    this(config, client::get, events);
  }

  /**
   * @param client asked for at each use: there need not be a cluster when this is made
   */
  KubernetesPlatformRuntime(
      RuntimeConfig config, Supplier<KubernetesClient> client, KubernetesEvents events) {
    this.config = config;
    this.events = events;
    this.client = client;
    this.objects = under(WritePermit.ALWAYS);
    this.secrets = new ClusterSecrets(objects);
  }

  private ClusterObjects under(WritePermit permit) {
    return new ClusterObjects(client, permit);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ObjectNode facts(String platform) {
    var facts = JsonNodeFactory.instance.objectNode();
    var suite = config.suiteNamespace();
    facts
        .putObject("suite")
        .put("namespace", suite)
        .put(
            "jobLauncherUrl",
            config.jobLauncherUrl().orElse("http://job-launcher.%s.svc:8080".formatted(suite)))
        .put(
            "otlpEndpoint",
            config.otlpEndpoint().orElse("http://telemetry-gateway.%s.svc:4318".formatted(suite)));
    return facts;
  }

  @Override
  public boolean serves(String kind) {
    int end = kind.lastIndexOf('/');
    var served =
        ClusterObjects.call(
            "asking which kinds there are",
            () -> objects.client().getApiResources(kind.substring(0, end)));
    return served != null
        && served.getResources().stream()
            .anyMatch(one -> one.getKind().equals(kind.substring(end + 1)));
  }

  @Override
  public int port(String platform, String component, String name) {
    throw new IllegalStateException("no blueprint asks for ports on Kubernetes");
  }

  @Override
  public void keepInlineSecrets(String platform, Map<String, Map<String, String>> inline) {
    var namespace = Planner.namespace(platform);
    new ClusterDomains(objects, config).namespace(namespace, platform, null);
    inline.forEach((name, values) -> secrets.write(platform, namespace, name, values));
  }

  @Override
  public void prepare(Plan plan, WritePermit permit) {
    var permitted = under(permit);
    new ClusterDomains(permitted, config).namespace(plan.namespace(), plan.platform(), null);
    var written = new ClusterSecrets(permitted);
    for (var component : plan.components()) {
      for (var secret : component.secrets()) {
        written.ensure(plan.platform(), plan.namespace(), secret);
      }
    }
  }

  @Override
  public void apply(
      Plan plan,
      PlannedComponent component,
      WritePermit permit,
      Consumer<AppliedObject> applied,
      Consumer<String> progress) {
    var permitted = under(permit);
    var revisions = new SecretRevisions(permitted, plan.namespace());
    var apply = new PlannedApply(permitted, plan);
    var jobs = new ClusterJobs(permitted, plan.platform());
    for (var tree : component.objects()) {
      if (RunOnceJob.is(tree)) {
        jobs.makeRoom(tree);
      }
      var live = apply.apply(revisions.mark(tree));
      applied.accept(new AppliedObject(tree, live.getMetadata().getUid()));
    }
  }

  @Override
  public Observation observe(Plan plan, PlannedComponent component) {
    return look(plan).observe(component);
  }

  @Override
  public PlatformLook look(Plan plan) {
    return new ClusterLook(objects, plan);
  }

  @Override
  public List<JobRun> jobRuns(Plan plan, PlannedComponent component) {
    var jobs = new ClusterJobs(objects, plan.platform());
    return component.objects().stream()
        .filter(RunOnceJob::is)
        .flatMap(tree -> jobs.run((Job) objects.typed(tree)).stream())
        .toList();
  }

  @Override
  public void revive(Plan plan, PlannedComponent component, WritePermit permit) {}

  @Override
  public void prepareDomains(Plan plan, WritePermit permit) {
    var permitted = under(permit);
    var domains = new ClusterDomains(permitted, config);
    plan.domains().forEach(domain -> domains.domain(plan, domain));
    new ClusterSecrets(permitted).copyToDomains(plan);
  }

  @Override
  public Removal remove(
      Plan remaining, List<AppliedObject> applied, boolean gone, WritePermit permit) {
    var planned = remaining.keys();
    var removal = new ClusterRemoval(under(permit), remaining.platform());
    for (var object : applied.reversed()) {
      if (planned.add(object.key())) {
        removal.delete(objects.typed(object.tree()), object.uid());
      }
    }
    if (gone) {
      removal.awaitGone(REMOVAL);
    }
    return removal.outcome();
  }

  @Override
  public List<String> revoke(Plan plan, List<PlannedDomain> former, WritePermit permit) {
    var permitted = under(permit);
    var domains = new ClusterDomains(permitted, config);
    var copies = new ClusterSecrets(permitted);
    var revoked = new ArrayList<String>();
    for (var domain : former) {
      var present =
          plan.domains().stream()
              .filter(one -> one.namespace().equals(domain.namespace()))
              .findFirst();
      var needed = present.map(PlannedDomain::secrets).orElse(List.of());
      for (var copy : domain.secrets()) {
        if (!needed.contains(copy)
            && copies.empty(plan.platform(), domain.namespace(), copy.name())) {
          revoked.add(
              "the Secret %s/%s is empty now: no job refers to it"
                  .formatted(domain.namespace(), copy.name()));
        }
      }
      boolean platformsOwn = domain.namespace().equals(plan.namespace());
      if (present.isEmpty() && domains.revoke(plan.platform(), domain.namespace(), !platformsOwn)) {
        revoked.add(
            "domain %s may run no more jobs in the namespace %s"
                .formatted(domain.name(), domain.namespace()));
      }
    }
    return revoked;
  }

  @Override
  public List<ObjectChange> diff(
      @Nullable Plan before, List<AppliedObject> applied, List<PlannedDomain> domains, Plan plan) {
    var snapshot = new ClusterSnapshot(objects, plan.platform(), plan.namespace());
    var changes = new ArrayList<ObjectChange>();
    for (var needed : new ClusterDomains(objects, config).needed(plan, domains)) {
      changes.add(change(needed, objects.live(needed)));
    }
    var revisions = new SecretRevisions(objects, plan.namespace());
    for (var component : plan.components()) {
      for (var secret : component.secrets()) {
        secrets.change(plan.namespace(), secret, component.name()).ifPresent(changes::add);
      }
      var comparisons =
          component.objects().stream()
              .map(revisions::mark)
              .map(tree -> comparison(plan, tree, component.name(), snapshot))
              .toList();
      SeveralCalls.all(comparisons).forEach(one -> one.ifPresent(changes::add));
    }
    var planned = plan.keys();
    for (var former : applied.reversed()) {
      // Jobs of earlier releases stay for a while.
      if (planned.add(former.key()) && !RunOnceJob.is(former.tree())) {
        var object = objects.typed(former.tree());
        snapshot
            .live(object)
            .filter(live -> Ownership.obstacle(live, former.uid(), plan.platform()).isEmpty())
            .map(live -> live.getMetadata().getLabels().getOrDefault(Labels.NAME, ""))
            .ifPresent(component ->
                changes.add(
                    new ObjectChange(
                        Action.DELETE, ClusterObjects.name(object), component, List.of())));
      }
    }
    changes.addAll(secrets.domainChanges(plan, domains));
    return changes;
  }

  /** What applying a namespace or a grant would change. */
  private ObjectChange change(HasMetadata wanted, Optional<? extends HasMetadata> live) {
    var owner = wanted.getMetadata().getNamespace();
    return new ObjectChange(
        live.isEmpty() ? Action.CREATE : Action.UPDATE,
        ClusterObjects.name(wanted),
        owner == null ? wanted.getMetadata().getName() : owner,
        live.map(one ->
                TreeDiff.of(
                    objects.tree(one),
                    objects.tree(objects.dryRun(wanted)),
                    SERVERS_OWN::contains,
                    false))
            .orElse(List.of()));
  }

  /** Compares an object with what the API server would make of it. */
  private Supplier<Optional<ObjectChange>> comparison(
      Plan plan, ObjectNode tree, String component, ClusterSnapshot snapshot) {
    var wanted = objects.typed(tree);
    var live = snapshot.live(wanted);
    return () ->
        live.isEmpty()
            ? Optional.of(
                new ObjectChange(Action.CREATE, ClusterObjects.name(wanted), component, List.of()))
            : change(plan, tree, component, wanted, live.get());
  }

  private Optional<ObjectChange> change(
      Plan plan, ObjectNode tree, String component, HasMetadata wanted, HasMetadata live) {
    var fields =
        TreeDiff.of(
            objects.tree(live),
            objects.tree(new PlannedApply(objects, plan).dryRun(tree, live)),
            SERVERS_OWN::contains,
            wanted.getKind().equals("Secret"));
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ObjectChange(Action.UPDATE, ClusterObjects.name(wanted), component, fields));
  }

  @Override
  public ComponentLog logs(Plan plan, PlannedComponent component, LogRequest request) {
    var labels =
        Map.of(Labels.PLATFORM, plan.platform(), Labels.PLATFORM_COMPONENT, component.name());
    var pods =
        ClusterObjects.call(
            "listing pods",
            () ->
                objects
                    .client()
                    .pods()
                    .inNamespace(plan.namespace())
                    .withLabels(labels)
                    .list()
                    .getItems());
    return new ClusterLogs(objects.client(), plan.namespace(), labels, pods, request);
  }

  @Override
  public void emit(Plan plan, EventReason reason, String note) {
    var regarding =
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind("Namespace")
            .withName(plan.namespace())
            .withNamespace(plan.namespace())
            .build();
    var instance = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "platform-manager");
    events.emit(CONTROLLER, instance, regarding, reason, note);
  }
}
