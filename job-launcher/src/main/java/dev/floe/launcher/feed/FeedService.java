package dev.floe.launcher.feed;

import dev.floe.contract.EventReason;
import dev.floe.contract.run.RunEvent;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Streams what happens to one run, from any point on, until the run has ended. */
@ApplicationScoped
public class FeedService {
  private static final int BATCH = 100;
  private static final Set<String> LAST =
      Set.of(
          EventReason.RUN_SUCCEEDED.value(),
          EventReason.RUN_FAILED.value(),
          EventReason.RUN_CANCELLED.value());

  private final FeedStore store;
  private final Wakes wakes;
  private final FeedConfig config;

  FeedService(FeedStore store, Wakes wakes, FeedConfig config) {
    this.store = store;
    this.wakes = wakes;
    this.config = config;
  }

  /** Some events, none when nothing happened for long. */
  public record Batch(List<RunEvent> events, boolean last) {}

  private static final class Position {
    private final Wakes.Waiter waiter;
    private long sequence;
    private boolean silent;

    private Position(Wakes.Waiter waiter, long sequence) {
      this.waiter = waiter;
      this.sequence = sequence;
    }
  }

  /** Events after a sequence; ends after the one that ended the run. */
  public Multi<Batch> follow(String runId, long after) {
    var waiter = wakes.open(runId);
    return Multi.createBy()
        .repeating()
        .uni(() -> new Position(waiter, after), position -> next(runId, position))
        .whilst(batch -> !batch.last())
        .onTermination()
        .invoke(waiter::close);
  }

  private Uni<Batch> next(String runId, Position position) {
    return position.waiter.repeat(cause ->
        read(runId, position)
            .map(batch ->
                !batch.events().isEmpty() || batch.last() || cause == Round.Cause.TIMEOUT
                    ? new Round.Answer<>(batch)
                    : new Round.Wait<>(config.heartbeat())));
  }

  private Uni<Batch> read(String runId, Position position) {
    return Panache.withSession(() -> store.after(runId, position.sequence, BATCH))
        .chain(events -> {
          if (!events.isEmpty()) {
            position.sequence = events.getLast().sequence();
            return Uni.createFrom().item(new Batch(events, ends(events.getLast())));
          }
          // A run that was over before the stream began has nothing more to say.
          if (position.silent) {
            return Uni.createFrom().item(new Batch(events, false));
          }
          position.silent = true;
          return Panache.withSession(() -> store.after(runId, position.sequence - 1, 1))
              .map(last -> new Batch(events, !last.isEmpty() && ends(last.getLast())));
        });
  }

  private static boolean ends(RunEvent event) {
    return LAST.contains(event.type());
  }
}
