package dev.floe.launcher.feed;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a round until it has an answer, waiting in between. Each round is subscribed to afresh
 * from the notice or timer that began it, on the waiter's Vert.x context, so any number of rounds
 * costs neither stack nor memory. A cancelled loop ends its wait at once; a round under way is
 * finished first, because a cut-off database session would keep its connection.
 */
final class WaitLoop<T> {
  private final Wakes.Waiter waiter;
  private final Function<Round.Cause, Uni<Round<T>>> round;
  private final UniEmitter<? super T> answer;
  private boolean cancelled;
  private @Nullable Cancellable waiting;

  WaitLoop(
      Wakes.Waiter waiter,
      Function<Round.Cause, Uni<Round<T>>> round,
      UniEmitter<? super T> answer) {
    this.waiter = waiter;
    this.round = round;
    this.answer = answer;
    answer.onTermination(this::cancel);
  }

  @SuppressWarnings({"CheckReturnValue", "FutureReturnValueIgnored"}) // never cancelled: see above
  void begin(Round.Cause cause) {
    Uni<Round<T>> next;
    try {
      next = round.apply(cause);
    } catch (RuntimeException e) {
      next = Uni.createFrom().failure(e);
    }
    next.subscribe().with(this::follow, answer::fail);
  }

  private void follow(Round<T> result) {
    switch (result) {
      case Round.Answer<T>(var value) -> answer.complete(value);
      case Round.Wait<T>(var longest) -> {
        synchronized (this) {
          if (cancelled) {
            return;
          }
        }
        // Whoever is woken is so on the context, later: the stack is empty again by then.
        var next =
            waiter
                .next(longest)
                .subscribe()
                .with(
                    woken -> begin(woken ? Round.Cause.NOTICE : Round.Cause.TIMEOUT), answer::fail);
        synchronized (this) {
          waiting = next;
          if (!cancelled) {
            return;
          }
        }
        next.cancel();
      }
    }
  }

  private void cancel() {
    Cancellable last;
    synchronized (this) {
      cancelled = true;
      last = waiting;
      waiting = null;
    }
    if (last != null) {
      last.cancel();
    }
  }
}
