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
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says who sent each group of a request.
 *
 * <p>On Kubernetes the address of a connection names a pod. An attempt's pod speaks for itself
 * only: what its labels say stands, whatever its resources claim. Every other pod may pass on what
 * it collected from others: a resource that names its pod gets what is known about that pod, one
 * that names none gets what is known about the pod that sent it, and what a resource says of itself
 * stands. Without Kubernetes resources speak for themselves.
 *
 * <p>Addresses are used again, and the watch of pods tells of it late. So a resource that names
 * another pod than the attempt known at its address (by uid, or by name and namespace) is never
 * named after that attempt. It waits for the pod it names. It is named after that one where an
 * attempt without a known address, or one that had this address until it ended, is meant; else it
 * gets nobody's name, and what it says of itself is taken away: it may be a job that claims to be
 * another. This is counted as a conflict.
 *
 * <p>The calling thread is never blocked: a request that has to wait continues in a virtual thread.
 */
@ApplicationScoped
public class Enricher {
  /** A request whose groups name more pods than this does not wait for them. */
  private static final int MAX_AWAITED = 64;

  private static final Logger LOG = Logger.getLogger(Enricher.class);

  /** Before anything is received. */
  private static final int START = 50;

  /** Takes away everything that says who sent a resource. */
  private static final AttributeEdits NOBODY =
      AttributeEdits.builder()
          .remove(SenderKeys.DOMAIN)
          .remove(SenderKeys.PRODUCT)
          .remove(SenderKeys.PIPELINE)
          .remove(SenderKeys.RUN_ID)
          .remove(SenderKeys.ATTEMPT)
          .remove(SenderKeys.NAMESPACE)
          .remove(SenderKeys.POD)
          .remove(SenderKeys.POD_UID)
          .remove(SenderKeys.POD_IP)
          .remove(SenderKeys.JOB)
          .remove(SenderKeys.NODE)
          .build();

  private final boolean kubernetes;
  private final PodDirectory directory;
  private final Duration wait;
  private final SenderNames senders;
  private final LongAdder conflicts = new LongAdder();

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
   * @return one attribution per group, in order; never fails. Completed already where nothing is
   *     waited for, else by a virtual thread of its own
   */
  public CompletionStage<List<Attribution>> attribute(OtlpRequest request, @Nullable String peer) {
    if (!kubernetes) {
      return CompletableFuture.completedFuture(
          request.groups().stream().map(group -> attribute(group, null, List.of())).toList());
    }
    var address = PodAddress.canonical(peer);
    var from = address == null ? null : PodDirectory.addressKey(address);
    var unknown = wait.isZero() ? Set.<String>of() : unknown(request, from);
    var waits = directory.waits();
    var sender = from == null ? "" : from;
    if (unknown.isEmpty() || !waits.isWorthwhile(unknown) || !waits.enter(sender)) {
      return CompletableFuture.completedFuture(all(request, from));
    }
    var attributed = new CompletableFuture<List<Attribution>>();
    try {
      Thread.ofVirtual()
          .name("naming")
          .start(() -> {
            try {
              await(unknown, sender);
              attributed.complete(all(request, from));
            } catch (Throwable failure) {
              attributed.completeExceptionally(failure);
            }
          });
    } catch (RuntimeException | Error noThread) {
      waits.leave(sender);
      return CompletableFuture.completedFuture(all(request, from));
    }
    return attributed;
  }

  /**
   * @return resources that named another pod than the attempt known at their address, since the
   *     start
   */
  public long conflicts() {
    return conflicts.sum();
  }

  private void await(Set<String> unknown, String sender) {
    try {
      directory.waits().await(unknown, directory::isKnown, wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      directory.waits().leave(sender);
    }
  }

  private List<Attribution> all(OtlpRequest request, @Nullable String from) {
    var holders = from == null ? List.<KnownPod>of() : directory.holders(from);
    var attributions = new ArrayList<Attribution>(request.groups().size());
    for (var group : request.groups()) {
      attributions.add(attribute(group, from, holders));
    }
    return attributions;
  }

  /** Pods that would have to be known to name a request. */
  private Set<String> unknown(OtlpRequest request, @Nullable String from) {
    var unknown = new LinkedHashSet<String>();
    var holders = from == null ? List.<KnownPod>of() : directory.holders(from);
    boolean addressMatters = request.groups().isEmpty();
    for (var group : request.groups()) {
      var identity = identity(group);
      var key = identity == null ? addressOf(group) : identity;
      var claimed = key == null ? null : directory.find(key);
      if (key != null && claimed == null && holder(identity, holders) == null) {
        unknown.add(key);
      }
      // The last telemetry of a pod that has ended: its address is its own no longer.
      addressMatters |= claimed == null || !claimed.pod().finished();
      if (unknown.size() > MAX_AWAITED) {
        return Set.of();
      }
    }
    if (from != null && holders.isEmpty() && addressMatters) {
      unknown.add(from);
    }
    return unknown;
  }

  /** The pod that a resource says it comes from, by uid or by name; null where it says neither. */
  private static @Nullable String identity(ResourceGroup group) {
    var uid = group.attribute(SenderKeys.POD_UID);
    if (uid != null) {
      return PodDirectory.uidKey(uid);
    }
    var name = group.attribute(SenderKeys.POD);
    var namespace = group.attribute(SenderKeys.NAMESPACE);
    return name == null || namespace == null ? null : PodDirectory.nameKey(namespace, name);
  }

  private static @Nullable String addressOf(ResourceGroup group) {
    var address = PodAddress.canonical(group.attribute(SenderKeys.POD_IP));
    return address == null ? null : PodDirectory.addressKey(address);
  }

  /** The one of the pods at an address that a resource comes from; null where that is open. */
  private static @Nullable KnownPod holder(@Nullable String identity, List<KnownPod> holders) {
    if (identity == null) {
      return holders.size() == 1 ? holders.getFirst() : null;
    }
    for (var holder : holders) {
      if (holder.isNamed(identity)) {
        return holder;
      }
    }
    return null;
  }

  /**
   * @param address key of the address that the group came from, null where that says nothing
   * @param holders pods that seem to hold it
   */
  private Attribution attribute(
      ResourceGroup group, @Nullable String address, List<KnownPod> holders) {
    var identity = kubernetes ? identity(group) : null;
    var from = holder(identity, holders);
    if (from != null && from.isAttempt()) {
      return speaking(from, group);
    }
    if (address != null && from == null && holders.stream().anyMatch(KnownPod::isAttempt)) {
      return disputed(group, identity, address, holders);
    }
    var pod = kubernetes ? named(group, identity, from, holders) : null;
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

  /** A pod speaks for itself only. */
  private Attribution speaking(KnownPod pod, ResourceGroup group) {
    return new Attribution(
        pod.authority(),
        senders.name(
            pod.pod().domain(), pod.pod().product(), group.attribute(SenderKeys.SERVICE_NAME)));
  }

  /** What comes from the address of an attempt, but not as that attempt. */
  private Attribution disputed(
      ResourceGroup group, @Nullable String identity, String address, List<KnownPod> holders) {
    if (identity != null) {
      conflict(holders);
      var claimed = directory.find(identity);
      if (claimed != null && claimed.mayHaveSent(identity, address)) {
        return speaking(claimed, group);
      }
    }
    return new Attribution(NOBODY, senders.name(null, null, null));
  }

  private @Nullable KnownPod named(
      ResourceGroup group,
      @Nullable String identity,
      @Nullable KnownPod from,
      List<KnownPod> holders) {
    if (identity == null) {
      var address = addressOf(group);
      return address == null ? from : directory.find(address);
    }
    var claimed = directory.find(identity);
    // A name is used again as well: one that comes from an unknown address may be a newer pod's.
    boolean outdated =
        claimed != null
            && claimed.pod().finished()
            && holders.isEmpty()
            && group.attribute(SenderKeys.POD_UID) == null;
    return outdated ? null : claimed;
  }

  private void conflict(List<KnownPod> holders) {
    if (conflicts.sum() == 0) {
      var pod = holders.getFirst().pod();
      LOG.warnf(
          "A resource names another pod than %s/%s, which is known at its address; it is named after"
              + " neither unless the pod that it names may have that address. Further ones are"
              + " counted in the status alone (senders.conflicts)",
          pod.namespace(), pod.name());
    }
    conflicts.increment();
  }
}
