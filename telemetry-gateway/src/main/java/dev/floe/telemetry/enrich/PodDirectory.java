package dev.floe.telemetry.enrich;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every pod by uid, name and address. One watch feeds it; a pod stays for a while after it is
 * deleted, and requests can wait a moment for one that is not there yet.
 */
@ApplicationScoped
public class PodDirectory {
  /** How long a pod that did not appear is not waited for again. */
  private static final long MISSING_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MAX_MISSING = 10_000;

  private final Duration remember;
  private final int maxDeleted;
  private final int maxWaiting;
  private final LongSupplier nanoTime;
  private final Map<String, KnownPod> pods = new ConcurrentHashMap<>();
  private final LinkedHashMap<String, Long> deleted = new LinkedHashMap<>();
  private final LinkedHashMap<String, Long> missing = new LinkedHashMap<>();
  private final Map<String, List<Waiting>> waiting = new HashMap<>();
  private int waitingRequests;
  private int uids;
  private volatile boolean synced;

  /** A request that waits for pods. */
  static final class Waiting {
    private static final Waiting OVER = new Waiting(0);

    static {
      OVER.done.complete(null);
    }

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int missing;

    private Waiting(int missing) {
      this.missing = missing;
    }

    /**
     * @return completes when all its pods are there; completed already where waiting is no use
     */
    CompletableFuture<Void> done() {
      return done;
    }
  }

  @jakarta.inject.Inject
  PodDirectory(EnrichConfig config) {
    this(config.rememberDeleted(), config.maxDeleted(), config.maxWaiting(), System::nanoTime);
  }

  PodDirectory(Duration remember, int maxDeleted, int maxWaiting, LongSupplier nanoTime) {
    this.remember = remember;
    this.maxDeleted = maxDeleted;
    this.maxWaiting = maxWaiting;
    this.nanoTime = nanoTime;
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

  static String ipKey(String ip) {
    return "ip:" + ip;
  }

  /** A pod appeared or changed. */
  public synchronized void put(Pod pod) {
    var known = new KnownPod(pod);
    var before = pods.put(uidKey(pod.uid()), known);
    if (before == null) {
      uids++;
    }
    pods.put(nameKey(pod.namespace(), pod.name()), known);
    if (pod.ip() != null) {
      var ip = ipKey(pod.ip());
      var holder = pods.get(ip);
      if (!pod.finished() || holder == null || holder.pod().uid().equals(pod.uid())) {
        pods.put(ip, known);
      }
      wake(ip);
    }
    wake(uidKey(pod.uid()));
    wake(nameKey(pod.namespace(), pod.name()));
    forget();
  }

  /** A pod is gone; it is remembered for a while. */
  public synchronized void delete(String uid) {
    if (pods.containsKey(uidKey(uid))) {
      deleted.putIfAbsent(uid, nanoTime.getAsLong());
    }
    forget();
  }

  /** All pods that were there at the start are known now. */
  public void synced() {
    synced = true;
  }

  /**
   * @return whether all pods that were there at the start are known
   */
  public boolean isSynced() {
    return synced;
  }

  /**
   * @return pods known, those deleted lately included
   */
  public synchronized int size() {
    return uids;
  }

  @Nullable KnownPod find(String key) {
    return pods.get(key);
  }

  /**
   * Waits for pods.
   *
   * @param keys of pods that were looked for and not found
   */
  synchronized Waiting await(Collection<String> keys) {
    long now = nanoTime.getAsLong();
    var wanted =
        keys.stream()
            .filter(key -> !pods.containsKey(key) && !missedLately(key, now))
            .distinct()
            .toList();
    if (wanted.isEmpty() || waitingRequests >= maxWaiting) {
      return Waiting.OVER;
    }
    waitingRequests++;
    var one = new Waiting(wanted.size());
    wanted.forEach(key -> waiting.computeIfAbsent(key, k -> new ArrayList<>()).add(one));
    return one;
  }

  /** Stops waiting: pods that did not appear are not waited for again soon. */
  synchronized void giveUp(Waiting awaited, Collection<String> keys) {
    boolean waited = false;
    long now = nanoTime.getAsLong();
    for (var key : keys) {
      var waiters = waiting.get(key);
      if (waiters != null && waiters.remove(awaited)) {
        waited = true;
        miss(key, now);
        if (waiters.isEmpty()) {
          waiting.remove(key);
        }
      }
    }
    if (waited) {
      waitingRequests--;
    }
  }

  private boolean missedLately(String key, long now) {
    var at = missing.get(key);
    return at != null && now - at < MISSING_NANOS;
  }

  private void miss(String key, long now) {
    missing.remove(key);
    missing.put(key, now);
    if (missing.size() > MAX_MISSING) {
      missing.remove(missing.firstEntry().getKey());
    }
  }

  private void wake(String key) {
    missing.remove(key);
    var waiters = waiting.remove(key);
    if (waiters == null) {
      return;
    }
    for (var one : waiters) {
      if (--one.missing == 0) {
        waitingRequests--;
        one.done.complete(null);
      }
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
      remove(oldest.getKey());
    }
  }

  private void remove(String uid) {
    var known = pods.remove(uidKey(uid));
    if (known == null) {
      return;
    }
    uids--;
    var pod = known.pod();
    pods.remove(nameKey(pod.namespace(), pod.name()), known);
    if (pod.ip() != null) {
      pods.remove(ipKey(pod.ip()), known);
    }
  }
}
