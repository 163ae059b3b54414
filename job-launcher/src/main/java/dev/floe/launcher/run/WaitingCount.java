package dev.floe.launcher.run;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How many runs wait, counted every few seconds at most. */
final class WaitingCount {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(3);

  private record Counted(long count, long at) {}

  private volatile Counted last = new Counted(0, System.nanoTime() - FRESH_NANOS);

  Uni<Long> get(Supplier<Uni<Long>> count) {
    var known = last;
    return System.nanoTime() - known.at() < FRESH_NANOS
        ? Uni.createFrom().item(known.count())
        : count.get().invoke(counted -> last = new Counted(counted, System.nanoTime()));
  }
}
