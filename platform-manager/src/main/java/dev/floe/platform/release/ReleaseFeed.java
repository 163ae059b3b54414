package dev.floe.platform.release;

import dev.floe.contract.platform.ReleaseEvent;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Follows releases for those who wait. Reads the database again and again, so that it does not
 * matter which replica rolls out; each round starts from a timer, never from the round before. The
 * number of waiting calls is bounded.
 */
@ApplicationScoped
class ReleaseFeed {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int BATCH = 200;

  private final ReleaseJournal journal;
  private final FeedConfig config;
  private final AtomicInteger waiters;

  ReleaseFeed(ReleaseJournal journal, FeedConfig config, MeterRegistry meters) {
    this.journal = journal;
    this.config = config;
    this.waiters = meters.gauge("floe.platform.feed.waiters", new AtomicInteger());
  }

  /** The release when it has ended, or as it is when the time is over. */
  Uni<StoredRelease> awaitEnd(String platform, int number, Duration wait) {
    return counted(
            Multi.createFrom()
                .deferred(() -> {
                  long until = System.nanoTime() + wait.toNanos();
                  return Multi.createBy()
                      .repeating()
                      .uni(() -> journal.get(platform, number))
                      .withDelay(PAUSE)
                      .whilst(release -> !release.state().terminal() && System.nanoTime() < until);
                }))
        .collect()
        .last();
  }

  /**
   * Some events of a release.
   *
   * @param events may be empty: nothing happened for as long as the heartbeat, or the release ended
   * @param last whether the release has ended and these are its last events
   */
  record Batch(List<ReleaseEvent> events, boolean last) {}

  /** Where one follower stands. */
  private static final class Position {
    private long sequence;
    private long lastSent = System.nanoTime();

    private Position(long sequence) {
      this.sequence = sequence;
    }
  }

  /** Events after a sequence number; ends after the last one of a release that has ended. */
  Multi<Batch> follow(String platform, int number, long after) {
    return counted(
        Multi.createFrom()
            .deferred(() -> {
              var position = new Position(after);
              return Multi.createBy()
                  .repeating()
                  .uni(() -> read(platform, number, position))
                  .withDelay(PAUSE)
                  .whilst(batch -> !batch.last())
                  .select()
                  .where(batch -> isDue(batch, position));
            }));
  }

  private boolean isDue(Batch batch, Position position) {
    boolean due =
        !batch.events().isEmpty()
            || batch.last()
            || System.nanoTime() - position.lastSent >= config.heartbeat().toNanos();
    if (due) {
      position.lastSent = System.nanoTime();
    }
    return due;
  }

  private <T> Multi<T> counted(Multi<T> waiting) {
    return Multi.createFrom()
        .deferred(() -> {
          if (waiters.incrementAndGet() > config.maxWaiters()) {
            waiters.decrementAndGet();
            return Multi.createFrom()
                .failure(
                    FloeException.later(
                        ProblemType.UNAVAILABLE,
                        "%d calls wait for releases already; try again later, or do not wait"
                            .formatted(config.maxWaiters()),
                        Duration.ofSeconds(5)));
          }
          return waiting.onTermination().invoke(waiters::decrementAndGet);
        });
  }

  /** The state is read first: what is written before the end is then among the events. */
  private Uni<Batch> read(String platform, int number, Position position) {
    return journal
        .get(platform, number)
        .chain(release ->
            journal
                .events(platform, number, position.sequence, BATCH)
                .invoke(events -> {
                  if (!events.isEmpty()) {
                    position.sequence = events.getLast().sequence();
                  }
                })
                .map(events ->
                    new Batch(events, release.state().terminal() && events.size() < BATCH)));
  }
}
