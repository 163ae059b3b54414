package dev.floe.platform.release;

import dev.floe.contract.platform.ReleaseEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows releases for those who wait. Reads the database again and again, so that it does not
 * matter which replica rolls out.
 */
@ApplicationScoped
class ReleaseFeed {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int BATCH = 200;

  private final ReleaseJournal journal;

  ReleaseFeed(ReleaseJournal journal) {
    this.journal = journal;
  }

  /** The release when it has ended, or as it is when the time is over. */
  Uni<StoredRelease> awaitEnd(String platform, int number, Duration wait) {
    long until = System.nanoTime() + wait.toNanos();
    return Multi.createBy()
        .repeating()
        .uni(() -> journal.get(platform, number))
        .withDelay(PAUSE)
        .whilst(release -> !release.state().terminal() && System.nanoTime() < until)
        .collect()
        .last();
  }

  private record Look(List<ReleaseEvent> events, boolean ended) {}

  /** Events after a sequence number; ends after the last one of a release that has ended. */
  Multi<ReleaseEvent> follow(String platform, int number, long after) {
    var position = new AtomicLong(after);
    return Multi.createBy()
        .repeating()
        .uni(() -> look(platform, number, position))
        .withDelay(PAUSE)
        .whilst(look -> !look.ended())
        .onItem()
        .transformToIterable(Look::events);
  }

  /** The state is read first: what is written before the end is then among the events. */
  private Uni<Look> look(String platform, int number, AtomicLong position) {
    return journal
        .get(platform, number)
        .chain(release ->
            journal
                .events(platform, number, position.get(), BATCH)
                .invoke(events -> {
                  if (!events.isEmpty()) {
                    position.set(events.getLast().sequence());
                  }
                })
                .map(events ->
                    new Look(events, release.state().terminal() && events.size() < BATCH)));
  }
}
