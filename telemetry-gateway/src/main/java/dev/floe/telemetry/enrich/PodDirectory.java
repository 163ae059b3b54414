package dev.floe.telemetry.enrich;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every pod by uid, by name and by address, as the one watch of pods delivers them.
 *
 * <p>A pod is found by its uid and its name for a while after it is deleted, because its last
 * telemetry comes late. It is found by an address only while it holds it: an address ends when the
 * pod finishes, is deleted or gets another one. Between two deliveries of the watch several pods
 * may seem to hold one address; then the address alone names none of them.
 *
 * <p>Lookups take no lock. Changes come from the watch alone; {@link PodWaits} wakes the requests
 * that wait for them.
 */
@ApplicationScoped
public class PodDirectory {
  private final Duration remember;
  private final int maxDeleted;
  private final LongSupplier nanoTime;
  private final PodWaits waits;
  private final Map<String, KnownPod> pods = new ConcurrentHashMap<>();
  private final Map<String, List<KnownPod>> holders = new ConcurrentHashMap<>();
  private final LinkedHashMap<String, Long> deleted = new LinkedHashMap<>();
  private final AtomicInteger uids = new AtomicInteger();
  private volatile boolean synced;
  private volatile BooleanSupplier watching = () -> true;

  @Inject
  PodDirectory(EnrichConfig config) {
    this(config.rememberDeleted(), config.maxDeleted(), config.maxWaiting(), System::nanoTime);
  }

  PodDirectory(Duration remember, int maxDeleted, int maxWaiting, LongSupplier nanoTime) {
    this.remember = remember;
    this.maxDeleted = maxDeleted;
    this.nanoTime = nanoTime;
    this.waits = new PodWaits(maxWaiting, nanoTime);
  }

  /**
   * @return a directory that takes the time from this machine's clock
   */
  public static PodDirectory of(Duration remember, int maxDeleted, int maxWaiting) {
    return new PodDirectory(remember, maxDeleted, maxWaiting, System::nanoTime);
  }

  /**
   * @return what is known about the pod of this uid, null where nothing is
   */
  public @Nullable Pod pod(String uid) {
    var known = pods.get(uidKey(uid));
    return known == null ? null : known.pod();
  }

  static String uidKey(String uid) {
    return "uid:" + uid;
  }

  static String nameKey(String namespace, String name) {
    return "name:" + namespace + "/" + name;
  }

  /**
   * @param address in the spelling of {@link PodAddress}
   */
  static String addressKey(String address) {
    return "ip:" + address;
  }

  /** A pod appeared or changed. */
  public void put(Pod pod) {
    var arrived = new ArrayList<String>();
    synchronized (this) {
      var before = pods.get(uidKey(pod.uid()));
      // A pod that finished never runs again: a list from a stale cache must not revive it.
      boolean finished =
          before != null && before.pod().finished() && !deleted.containsKey(pod.uid());
      deleted.remove(pod.uid());
      index(before, new KnownPod(finished ? pod.ended() : pod), arrived);
      forget();
    }
    waits.arrived(arrived);
  }

  /** A pod is gone; it is remembered by its uid and its name for a while. */
  public synchronized void delete(String uid) {
    end(uid);
    forget();
  }

  /**
   * All pods that exist are known now; those that are known but not among them are gone.
   *
   * @param present uids of all pods that exist
   */
  public synchronized void synced(Set<String> present) {
    var gone = new ArrayList<String>();
    for (var known : pods.values()) {
      var uid = known.pod().uid();
      if (!present.contains(uid) && !deleted.containsKey(uid)) {
        gone.add(uid);
      }
    }
    gone.forEach(this::end);
    forget();
    synced = true;
  }

  /**
   * The watch that feeds the directory was made.
   *
   * @param now whether it is connected at the moment
   */
  public void watchedBy(BooleanSupplier now) {
    watching = now;
  }

  /** The watch failed: what is known may be outdated until {@link #synced} is called again. */
  public void lost() {
    synced = false;
  }

  /**
   * @return whether all pods that were there at the start are known, and every change since becomes
   *     known
   */
  public boolean isSynced() {
    return synced && watching.getAsBoolean();
  }

  /**
   * @return pods known, those deleted lately included
   */
  public int size() {
    return uids.get();
  }

  /**
   * @param key of a uid, a name or an address
   * @return the pod; null where none is known, and where several seem to hold the address
   */
  @Nullable KnownPod find(String key) {
    var holding = holders.get(key);
    if (holding != null) {
      return holding.size() == 1 ? holding.getFirst() : null;
    }
    return pods.get(key);
  }

  /**
   * @return the pods that hold an address as far as the watch has told: usually one
   */
  List<KnownPod> holders(String addressKey) {
    return holders.getOrDefault(addressKey, List.of());
  }

  /**
   * @return whether anything is known under the key, so that waiting for it is no use
   */
  boolean isKnown(String key) {
    return pods.containsKey(key) || holders.containsKey(key);
  }

  PodWaits waits() {
    return waits;
  }

  private void index(@Nullable KnownPod before, KnownPod known, List<String> arrived) {
    var uid = known.pod().uid();
    if (before == null) {
      uids.incrementAndGet();
    }
    pods.put(known.uidKey(), known);
    arrived.add(known.uidKey());
    var named = pods.put(known.nameKey(), known);
    arrived.add(known.nameKey());
    if (named != null && !named.pod().uid().equals(uid)) {
      // Two pods never have one name at once: the deletion of the earlier one was not delivered.
      end(named.pod().uid());
    }
    var addresses = known.addresses();
    if (before != null) {
      for (var key : before.addresses()) {
        if (!addresses.contains(key)) {
          release(key, uid);
        }
      }
    }
    for (var key : addresses) {
      hold(key, known);
      arrived.add(key);
    }
  }

  /** Ends a pod: it keeps its uid and its name for a while, and loses its addresses at once. */
  private void end(String uid) {
    var known = pods.get(uidKey(uid));
    if (known == null) {
      return;
    }
    var ended = known.ended();
    pods.put(ended.uidKey(), ended);
    pods.replace(ended.nameKey(), known, ended);
    known.addresses().forEach(key -> release(key, uid));
    deleted.putIfAbsent(uid, nanoTime.getAsLong());
  }

  private void hold(String key, KnownPod known) {
    var holding = new ArrayList<KnownPod>(2);
    for (var other : holders(key)) {
      if (!other.pod().uid().equals(known.pod().uid())) {
        holding.add(other);
      }
    }
    holding.add(known);
    holders.put(key, List.copyOf(holding));
  }

  private void release(String key, String uid) {
    var left = holders(key).stream().filter(holder -> !holder.pod().uid().equals(uid)).toList();
    if (left.isEmpty()) {
      holders.remove(key);
    } else {
      holders.put(key, left);
    }
  }

  private void forget() {
    long now = nanoTime.getAsLong();
    while (!deleted.isEmpty()) {
      var oldest = deleted.firstEntry();
      if (deleted.size() <= maxDeleted && now - oldest.getValue() < remember.toNanos()) {
        return;
      }
      deleted.remove(oldest.getKey());
      var known = pods.remove(uidKey(oldest.getKey()));
      if (known != null) {
        uids.decrementAndGet();
        pods.remove(known.nameKey(), known);
      }
    }
  }
}
