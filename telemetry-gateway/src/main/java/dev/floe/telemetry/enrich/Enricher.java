package dev.floe.telemetry.enrich;

import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.ledger.SenderNames;
import dev.floe.telemetry.wire.AttributeEdits;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.ResourceGroup;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says who sent each group of a request.
 *
 * <p>An attempt's pod, known by the address it connects from, speaks for itself only: what its
 * labels say stands, whatever its resources claim. Every other pod may pass on what it collected
 * from others: a resource that names its pod gets what is known about that pod, one that names none
 * gets what is known about the pod that sent it, and what a resource says of itself stands. Without
 * Kubernetes resources speak for themselves.
 */
@ApplicationScoped
public class Enricher {
  /** A request whose groups name more pods than this does not wait for them. */
  private static final int MAX_AWAITED = 64;

  private static final Logger LOG = Logger.getLogger(Enricher.class);

  /** Before anything is received. */
  private static final int START = 50;

  private final boolean kubernetes;
  private final PodDirectory directory;
  private final Duration wait;
  private final SenderNames senders;

  @Inject
  Enricher(
      @ConfigProperty(name = "floe.runtime", defaultValue = "local") String runtime,
      EnrichConfig config,
      PodDirectory directory,
      Ledger ledger) {
    this(runtime.equals("kubernetes"), config.maxWait(), directory, ledger.senders());
  }

  Enricher(boolean kubernetes, Duration wait, PodDirectory directory, SenderNames senders) {
    this.kubernetes = kubernetes;
    this.directory = directory;
    this.wait = wait;
    this.senders = senders;
  }

  void start(@Observes @Priority(START) StartupEvent event) {
    LOG.info(
        kubernetes
            ? "Senders are known by their pods"
            : "Senders are known by what they say of themselves");
  }

  /**
   * Finds out who sent a request; waits a moment for pods that are not known yet.
   *
   * @param peer address of the connection it came on, null for the gateway's own
   * @return one attribution per group, in order; never fails
   */
  public CompletionStage<List<Attribution>> attribute(OtlpRequest request, @Nullable String peer) {
    if (!kubernetes) {
      return CompletableFuture.completedFuture(
          request.groups().stream().map(group -> attribute(group, null)).toList());
    }
    var unknown = unknown(request, peer);
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(all(request, peer));
    }
    var awaited = directory.await(unknown);
    return awaited
        .done()
        .copy()
        .completeOnTimeout(null, wait.toNanos(), TimeUnit.NANOSECONDS)
        .thenApply(done -> {
          directory.giveUp(awaited, unknown);
          return all(request, peer);
        });
  }

  private List<Attribution> all(OtlpRequest request, @Nullable String peer) {
    var from = peer == null ? null : directory.find(PodDirectory.ipKey(peer));
    var attributions = new ArrayList<Attribution>(request.groups().size());
    for (var group : request.groups()) {
      attributions.add(attribute(group, from));
    }
    return attributions;
  }

  private Set<String> unknown(OtlpRequest request, @Nullable String peer) {
    var unknown = new LinkedHashSet<String>();
    if (peer != null) {
      var key = PodDirectory.ipKey(peer);
      var from = directory.find(key);
      if (from != null && from.isAttempt()) {
        return unknown;
      }
      if (from == null) {
        unknown.add(key);
      }
    }
    for (var group : request.groups()) {
      var key = key(group);
      if (key != null && directory.find(key) == null) {
        unknown.add(key);
      }
      if (unknown.size() > MAX_AWAITED) {
        return Set.of();
      }
    }
    return unknown;
  }

  /** How a resource names its pod; null where it does not. */
  private static @Nullable String key(ResourceGroup group) {
    var uid = group.attribute(SenderKeys.POD_UID);
    if (uid != null) {
      return PodDirectory.uidKey(uid);
    }
    var name = group.attribute(SenderKeys.POD);
    var namespace = group.attribute(SenderKeys.NAMESPACE);
    if (name != null && namespace != null) {
      return PodDirectory.nameKey(namespace, name);
    }
    var ip = group.attribute(SenderKeys.POD_IP);
    return ip == null ? null : PodDirectory.ipKey(ip);
  }

  private Attribution attribute(ResourceGroup group, @Nullable KnownPod from) {
    if (from != null && from.isAttempt()) {
      var pod = from.pod();
      return new Attribution(
          from.authority(),
          senders.name(pod.domain(), pod.product(), group.attribute(SenderKeys.SERVICE_NAME)));
    }
    var pod = kubernetes ? named(group, from) : null;
    var domain = group.attribute(SenderKeys.DOMAIN);
    var product = group.attribute(SenderKeys.PRODUCT);
    if (pod != null) {
      domain = domain == null ? pod.pod().domain() : domain;
      product = product == null ? pod.pod().product() : product;
    }
    var sender = senders.name(domain, product, group.attribute(SenderKeys.SERVICE_NAME));
    if (pod != null) {
      return new Attribution(pod.additions(), sender);
    }
    return new Attribution(
        domain == null
            ? AttributeEdits.NONE
            : AttributeEdits.builder().ifAbsent(SenderKeys.SERVICE_NAMESPACE, domain).build(),
        sender);
  }

  private @Nullable KnownPod named(ResourceGroup group, @Nullable KnownPod from) {
    var key = key(group);
    return key == null ? from : directory.find(key);
  }
}
