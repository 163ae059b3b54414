package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.platform.plan.ObjectKey;
import dev.floe.platform.plan.RunOnceJob;
import dev.floe.platform.runtime.SeenWorkload;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Whether an object that is no Deployment or StatefulSet has become what was applied, by the rules
 * of <a href="https://pkg.go.dev/sigs.k8s.io/cli-utils/pkg/kstatus/status">kstatus</a>. Pure.
 */
final class ObjectReadiness {
  /** How an object stands. */
  private record Verdict(
      boolean ready, boolean available, boolean failing, String reason, String message) {
    private static final Verdict READY = new Verdict(true, true, false, "Ready", "");

    /** It does not serve yet. */
    static Verdict waiting(String reason, String message) {
      return new Verdict(false, false, false, reason, message);
    }

    static Verdict failing(String reason, String message) {
      return new Verdict(false, false, true, reason, message);
    }

    /** Nothing is served by an object of this kind, so nobody waits for it but its release. */
    Verdict servesNothing() {
      return new Verdict(ready, true, failing, reason, message);
    }
  }

  private static final Map<String, Function<JsonNode, Verdict>> RULES =
      Map.of(
          "Job.batch", ObjectReadiness::job,
          "PersistentVolumeClaim", ObjectReadiness::claim,
          "Service", ObjectReadiness::service,
          "DaemonSet.apps", ObjectReadiness::daemonSet,
          "CustomResourceDefinition.apiextensions.k8s.io", ObjectReadiness::definition);

  /** Groups of Kubernetes itself: what has no rule above is ready once it is there. */
  private static final Set<String> KUBERNETES =
      Set.of("", "apps", "batch", "policy", "autoscaling", "networking.k8s.io", "extensions");

  private ObjectReadiness() {}

  /**
   * Whether an object may be there and not be ready, so that it is worth reading.
   *
   * @param planned complete
   */
  static boolean matters(JsonNode planned) {
    var key = ObjectKey.of(planned);
    if (key.kind().equals("Service")) {
      return hasLoadBalancer(planned);
    }
    return RULES.containsKey(name(key))
        || !(KUBERNETES.contains(key.group()) || key.group().endsWith(".k8s.io"));
  }

  static SeenWorkload absent(JsonNode planned) {
    var key = ObjectKey.of(planned);
    var absent = Verdict.waiting("NotStarted", "not there");
    return seen(key, RunOnceJob.is(planned) ? absent.servesNothing() : absent);
  }

  /** Whether a Job has failed. */
  static boolean hasFailed(ObjectNode job) {
    return job(job).failing();
  }

  /**
   * @param live as the API server returned it
   */
  static SeenWorkload of(ObjectNode live) {
    var key = ObjectKey.of(live);
    return seen(key, verdict(key, live));
  }

  private static SeenWorkload seen(ObjectKey key, Verdict verdict) {
    return new SeenWorkload(
        verdict.ready(),
        verdict.available(),
        verdict.failing(),
        verdict.reason(),
        new WorkloadStatus(
            key.kind(),
            key.name(),
            verdict.ready() ? 1 : 0,
            1,
            0,
            verdict.ready() ? null : verdict.message()));
  }

  private static Verdict verdict(ObjectKey key, ObjectNode live) {
    if (live.path("metadata").has("deletionTimestamp")) {
      return Verdict.waiting("Terminating", "it is being deleted");
    }
    var observed = live.path("status").path("observedGeneration");
    if (observed.isNumber() && observed.asLong() < live.at("/metadata/generation").asLong()) {
      return Verdict.waiting("NotObserved", "its controller has not seen what was applied");
    }
    return RULES.getOrDefault(name(key), ObjectReadiness::generic).apply(live);
  }

  private static Verdict job(JsonNode job) {
    var failed = condition(job, "Failed", "True").or(() -> condition(job, "FailureTarget", "True"));
    if (failed.isPresent()) {
      return Verdict.failing(reason(failed.get()), message(failed.get())).servesNothing();
    }
    if (condition(job, "Complete", "True").isPresent()) {
      return Verdict.READY;
    }
    return condition(job, "Suspended", "True")
        .map(it -> Verdict.waiting("Suspended", message(it)))
        .orElseGet(() -> Verdict.waiting("Running", "it has not completed"))
        .servesNothing();
  }

  private static Verdict claim(JsonNode claim) {
    return switch (claim.at("/status/phase").asText()) {
      case "Bound" -> Verdict.READY;
      case "Lost" -> Verdict.failing("Lost", "its volume is gone");
      default ->
          Verdict.waiting(
                  "Pending",
                  "no volume of the class %s is bound to it"
                      .formatted(claim.at("/spec/storageClassName").asText("(default)")))
              .servesNothing();
    };
  }

  private static Verdict service(JsonNode service) {
    return !hasLoadBalancer(service) || !service.at("/status/loadBalancer/ingress").isEmpty()
        ? Verdict.READY
        : Verdict.waiting("NoAddress", "its load balancer has no address yet");
  }

  private static boolean hasLoadBalancer(JsonNode service) {
    return service.at("/spec/type").asText().equals("LoadBalancer");
  }

  private static Verdict daemonSet(JsonNode set) {
    var status = set.path("status");
    int desired = status.path("desiredNumberScheduled").asInt();
    int available = status.path("numberAvailable").asInt();
    if (!status.has("observedGeneration")) {
      return Verdict.waiting("NotObserved", "its controller has not seen what was applied");
    }
    if (status.path("updatedNumberScheduled").asInt() >= desired && available >= desired) {
      return Verdict.READY;
    }
    return new Verdict(
        false,
        available > 0,
        false,
        "NotReady",
        "%d of %d nodes run it with the new configuration".formatted(available, desired));
  }

  private static Verdict definition(JsonNode definition) {
    if (condition(definition, "Established", "True").isPresent()) {
      return Verdict.READY;
    }
    return condition(definition, "NamesAccepted", "False")
        .map(refused -> Verdict.failing(reason(refused), message(refused)))
        .orElseGet(() -> Verdict.waiting("NotEstablished", "the API server does not serve it yet"));
  }

  /** What most controllers of custom resources say. */
  private static Verdict generic(JsonNode object) {
    var stalled = condition(object, "Stalled", "True");
    if (stalled.isPresent()) {
      return Verdict.failing(reason(stalled.get()), message(stalled.get()));
    }
    return condition(object, "Reconciling", "True")
        .or(() -> condition(object, "Ready", "False"))
        .or(() -> condition(object, "Ready", "Unknown"))
        .map(not -> Verdict.waiting(reason(not), message(not)))
        .orElse(Verdict.READY);
  }

  private static Optional<JsonNode> condition(JsonNode object, String type, String status) {
    return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
        .filter(one -> one.path("type").asText().equals(type))
        .filter(one -> one.path("status").asText().equals(status))
        .findFirst();
  }

  private static String reason(JsonNode condition) {
    var reason = condition.path("reason").asText();
    return reason.isEmpty() ? "NotReady" : reason;
  }

  private static String message(JsonNode condition) {
    return condition.path("message").asText();
  }

  /** {@code Kind.group}. */
  private static String name(ObjectKey key) {
    return key.group().isEmpty() ? key.kind() : key.kind() + "." + key.group();
  }
}
