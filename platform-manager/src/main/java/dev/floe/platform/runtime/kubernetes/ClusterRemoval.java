package dev.floe.platform.runtime.kubernetes;

import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects of one platform that {@link Ownership} allows to delete, and remembers what it
 * kept. Safe to repeat; used by one thread.
 */
final class ClusterRemoval {
  /** Tries for an object that changes between reading and deleting it. */
  private static final int TRIES = 10;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final ClusterObjects objects;
  private final String platform;
  private final List<HasMetadata> going = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();

  ClusterRemoval(ClusterObjects objects, String platform) {
    this.objects = objects;
    this.platform = platform;
  }

  /**
   * Deletes an object if it is there and floe's own. The ownership is checked on the very version
   * that is deleted.
   *
   * @param uid that it had when floe applied it; null where nobody recorded it
   */
  void delete(HasMetadata planned, @Nullable String uid) {
    for (int i = 0; i < TRIES; i++) {
      var live = objects.live(planned);
      if (live.isEmpty()) {
        return;
      }
      var obstacle = Ownership.obstacle(live.get(), uid, platform);
      if (obstacle.isPresent()) {
        kept.add(ClusterObjects.name(planned) + " stays: it " + obstacle.get());
        return;
      }
      if (live.get().getMetadata().getDeletionTimestamp() != null || objects.delete(live.get())) {
        going.add(live.get());
        return;
      }
    }
    throw new RuntimeUnavailableException(
        Extent.OBJECT,
        "%s changes all the time, so it was not deleted".formatted(ClusterObjects.name(planned)),
        new IllegalStateException());
  }

  /** Waits until everything that was deleted is gone, finalizers included. */
  void awaitGone(Duration limit) {
    long start = System.nanoTime();
    while (true) {
      var left = going.stream().filter(this::isThere).map(ClusterObjects::name).findFirst();
      if (left.isEmpty()) {
        return;
      }
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new RuntimeUnavailableException(
            Extent.OBJECT,
            "%s is still being deleted after %s".formatted(left.get(), limit),
            new IllegalStateException());
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RuntimeUnavailableException(Extent.OBJECT, "interrupted", e);
      }
    }
  }

  private boolean isThere(HasMetadata deleted) {
    return objects
        .live(deleted)
        .filter(live -> live.getMetadata().getUid().equals(deleted.getMetadata().getUid()))
        .isPresent();
  }

  Removal outcome() {
    return new Removal(going.stream().map(ClusterObjects::name).toList(), kept);
  }
}
