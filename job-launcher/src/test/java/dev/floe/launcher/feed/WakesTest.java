package dev.floe.launcher.feed;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WakesTest {
  private static final int MANY = 20_000;

  private record Limits() implements FeedConfig {
    @Override
    public int maxWaiters() {
      return 100;
    }

    @Override
    public Duration lookEvery() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Duration heartbeat() {
      return Duration.ofSeconds(60);
    }
  }

  private final Vertx vertx = Vertx.vertx();

  @SuppressWarnings("NullAway") // no notification comes from a database here
  private final Wakes wakes =
      new Wakes(new Limits(), new Notifications(vertx, null), new SimpleMeterRegistry());

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  private static <T> T on(Context context, Supplier<T> work) throws Exception {
    var done = new CompletableFuture<T>();
    context.runOnContext(ignored -> {
      try {
        done.complete(work.get());
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done.get(30, SECONDS);
  }

  @Test
  void manyNoticesCostNoStack() throws Exception {
    // Given: a round that wakes its own waiter, so that each wait ends at once
    var rounds = new AtomicInteger();
    var depths = new ArrayList<Integer>();
    var context = vertx.getOrCreateContext();
    var waiter = on(context, () -> wakes.open("run"));
    var answer =
        waiter.<String>repeat(cause -> {
          depths.add(new Throwable().getStackTrace().length);
          wakes.wake("run");
          return Uni.createFrom()
              .item(
                  rounds.incrementAndGet() < MANY
                      ? new Round.Wait<String>(Duration.ofSeconds(60))
                      : new Round.Answer<>("answered"));
        });
    // When
    var result = on(context, () -> answer.subscribeAsCompletionStage()).get(60, SECONDS);
    // Then
    assertThat(result).isEqualTo("answered");
    assertThat(rounds).hasValue(MANY);
    assertThat(depths.subList(1, MANY)).allMatch(depth -> depth <= depths.get(1));
  }

  @Test
  void manyBatchesOfAStreamCostNoStack() throws Exception {
    // Given
    var context = vertx.getOrCreateContext();
    var batches = new AtomicInteger();
    var deepest = new AtomicInteger();
    var waiter = on(context, () -> wakes.open("run"));
    var stream =
        Multi.createBy()
            .repeating()
            .uni(() ->
                waiter.<Integer>repeat(cause -> {
                  wakes.wake("run");
                  deepest.accumulateAndGet(new Throwable().getStackTrace().length, Math::max);
                  return Uni.createFrom()
                      .item(
                          cause == Round.Cause.FIRST
                              ? new Round.Wait<Integer>(Duration.ofSeconds(60))
                              : new Round.Answer<>(batches.incrementAndGet()));
                }))
            .whilst(batch -> batch < MANY)
            .collect()
            .last();
    // When
    var last = on(context, () -> stream.subscribeAsCompletionStage()).get(60, SECONDS);
    // Then
    assertThat(last).isEqualTo(MANY);
    assertThat(deepest).hasValueLessThan(200);
  }

  @Test
  void aWaiterThatIsOpenedWhileAnotherClosesIsWoken() throws Exception {
    // Given: callers that come and go at the same time for one run
    try (var threads = Executors.newFixedThreadPool(3)) {
      var calls = new ArrayList<java.util.concurrent.Future<Integer>>();
      for (int i = 0; i < 3; i++) {
        var context = vertx.getOrCreateContext();
        calls.add(
            threads.submit(() -> {
              int lost = 0;
              for (int round = 0; round < 3000; round++) {
                var waiter = on(context, () -> wakes.open("run"));
                // When
                wakes.wake("run");
                // Then: it is known, and its next wait ends at once
                lost += wakes.isWaiting(waiter) ? 0 : 1;
                waiter.close();
              }
              return lost;
            }));
      }
      for (var call : calls) {
        assertThat(call.get(60, SECONDS)).isZero();
      }
    }
    assertThat(wakes.runs()).isEqualTo(List.of());
  }

  @Test
  void logsWakeOnlyThoseWhoFollowThem() throws Exception {
    // Given
    var context = vertx.getOrCreateContext();
    var state = on(context, () -> wakes.open("run"));
    var log = on(context, () -> wakes.openLog("run"));
    // When
    wakes.notice(new Notice(Notice.Kind.LOG, "run"));
    // Then
    assertThat(next(context, log)).isTrue();
    assertThat(next(context, state)).isFalse();
    // When
    wakes.notice(new Notice(Notice.Kind.STATE, "run"));
    // Then
    assertThat(next(context, log)).isTrue();
    assertThat(next(context, state)).isTrue();
  }

  @Test
  void aLoopThatIsGivenUpEndsItsWait() throws Exception {
    // Given
    var context = vertx.getOrCreateContext();
    var rounds = new AtomicInteger();
    var waiter = on(context, () -> wakes.open("run"));
    var loop =
        on(
            context,
            () ->
                waiter
                    .<String>repeat(cause -> {
                      rounds.incrementAndGet();
                      return Uni.createFrom().item(new Round.Wait<>(Duration.ofSeconds(60)));
                    })
                    .subscribe()
                    .with(ignored -> {}));
    // When
    loop.cancel();
    wakes.wake("run");
    on(context, () -> "everything that was queued has run");
    // Then
    assertThat(rounds).hasValue(1);
  }

  private static boolean next(Context context, Wakes.Waiter waiter) throws Exception {
    return on(context, () -> waiter.next(Duration.ofMillis(50)).subscribeAsCompletionStage())
        .get(30, SECONDS);
  }
}
