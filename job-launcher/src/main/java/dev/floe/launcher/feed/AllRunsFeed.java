package dev.floe.launcher.feed;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams what happens to all runs, for as long as the caller listens. */
@ApplicationScoped
public class AllRunsFeed {
  private static final int BATCH = 200;

  /** An event can be read once every transaction older than its own has ended: soon. */
  private static final Duration SOON = Duration.ofMillis(200);

  private static final int TRIES = 25;

  private final FeedStore store;
  private final Wakes wakes;
  private final FeedConfig config;

  AllRunsFeed(FeedStore store, Wakes wakes, FeedConfig config) {
    this.store = store;
    this.wakes = wakes;
    this.config = config;
  }

  private static final class Reader {
    private final Wakes.Waiter waiter;
    private @Nullable Place place;
    private int tries;
    private boolean soon;

    private Reader(Wakes.Waiter waiter, @Nullable Place place) {
      this.waiter = waiter;
      this.place = place;
    }
  }

  /**
   * Events in batches, an empty one when nothing happened for long.
   *
   * @param after where the caller was cut off; null: from now on
   */
  public Multi<List<Placed>> follow(@Nullable Place after) {
    var waiter = wakes.open(Wakes.ALL);
    return Multi.createBy()
        .repeating()
        .uni(() -> new Reader(waiter, after), this::next)
        .indefinitely()
        .onTermination()
        .invoke(waiter::close);
  }

  private Uni<List<Placed>> next(Reader reader) {
    return reader.waiter.repeat(cause -> {
      if (cause == Round.Cause.NOTICE) {
        reader.tries = TRIES;
      }
      boolean silent = cause == Round.Cause.TIMEOUT && !reader.soon;
      return read(reader).map(events -> after(reader, events, silent));
    });
  }

  private Round<List<Placed>> after(Reader reader, List<Placed> events, boolean silent) {
    if (!events.isEmpty()) {
      reader.place = events.getLast().place();
    }
    if (!events.isEmpty() || silent) {
      return new Round.Answer<>(events);
    }
    reader.soon = reader.tries > 0;
    reader.tries = Math.max(0, reader.tries - 1);
    return new Round.Wait<>(reader.soon ? SOON : config.heartbeat());
  }

  private Uni<List<Placed>> read(Reader reader) {
    var place = reader.place;
    if (place == null) {
      return Panache.withSession(store::end)
          .map(end -> {
            reader.place = end;
            return List.of();
          });
    }
    return Panache.withSession(() -> store.after(place, BATCH));
  }
}
