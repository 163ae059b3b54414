package dev.floe.launcher.database;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.kit.loop.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class LoopsTest {
  private final AtomicLong clock = new AtomicLong();
  private final LoopHealth health = new LoopHealth(Duration.ofSeconds(60), clock::get);

  private Status status() {
    return health.call().getStatus();
  }

  private void pass(int seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void aLoopThatStandsStillIsReportedUntilItsNextCycle() {
    // Given
    var rounds = health.rounds("Renewing leases");
    health.rounds("Taking over attempts");
    pass(60);
    rounds.run(() -> {});
    assertThat(status()).isEqualTo(Status.UP);
    // When
    pass(50);
    // Then
    assertThat(status()).isEqualTo(Status.DOWN);
    assertThat(health.call().getData().orElseThrow()).containsOnlyKeys("Taking over attempts");
  }

  @Test
  void aFailedCycleIsACycleAndProgressCounts() {
    // Given
    var rounds = health.rounds("Looking at waiting runs");
    // When
    pass(50);
    rounds.run(() -> {
      throw new IllegalStateException("the database is away");
    });
    pass(50);
    // Then
    assertThat(status()).isEqualTo(Status.UP);
    // When: one round takes long, but continues
    rounds.run(() -> {
      pass(50);
      rounds.progress();
      pass(50);
      assertThat(status()).isEqualTo(Status.UP);
      pass(50);
      assertThat(status()).isEqualTo(Status.DOWN);
    });
    // Then
    assertThat(status()).isEqualTo(Status.UP);
  }

  @Test
  void anErrorEndsNoLoop() {
    // Given
    var calls = new AtomicInteger();
    var rounds = new Rounds("Looking at waiting runs");
    var onDemand =
        new RoundsOnDemand(
            "dispatcher",
            () ->
                rounds.run(() -> {
                  if (calls.incrementAndGet() < 3) {
                    throw new StackOverflowError();
                  }
                }));
    // When
    for (int i = 1; i <= 3; i++) {
      int expected = i;
      onDemand.ask();
      // Then
      await().atMost(30, SECONDS).until(() -> calls.get() >= expected);
    }
  }

  @Test
  void whatEvenTheRoundsDoNotCatchIsFollowedByAnotherThread() {
    // Given
    var calls = new AtomicInteger();
    var onDemand =
        new RoundsOnDemand(
            "dispatcher",
            () -> {
              Thread.currentThread().setUncaughtExceptionHandler((t, e) -> {});
              if (calls.incrementAndGet() == 1) {
                throw new NoClassDefFoundError();
              }
            });
    // When
    onDemand.ask();
    // Then
    await()
        .atMost(30, SECONDS)
        .until(() -> {
          onDemand.ask();
          return calls.get() > 1;
        });
  }

  @Test
  void askedDuringARoundAnotherFollowsButNeverTwoAtOnce() throws Exception {
    // Given
    var calls = new AtomicInteger();
    var first = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var onDemand =
        new RoundsOnDemand(
            "dispatcher",
            () -> {
              calls.incrementAndGet();
              first.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    // When
    onDemand.ask();
    first.await();
    onDemand.ask();
    onDemand.ask();
    assertThat(calls).hasValue(1);
    go.countDown();
    // Then
    await().atMost(30, SECONDS).until(() -> calls.get() == 2);
  }

  @Test
  void everyOtherFailureIsNamedOnce() {
    // Given
    var logger = Logger.getLogger(Rounds.class.getName());
    var warnings = new ArrayList<Throwable>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
              warnings.add(logged.getThrown());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    var rounds = new Rounds("Looking at waiting runs");
    var away = new IllegalStateException("no answer within 20 s");
    var other = new IllegalArgumentException("no such column");
    try {
      // When: what passes is followed, without a success between, by what stays
      fail(rounds, away);
      fail(rounds, new IllegalStateException("no answer within 21 s"));
      fail(rounds, other);
      fail(rounds, other);
      fail(rounds, away);
      // Then
      assertThat(warnings).containsExactly(away, other);
      // When
      rounds.run(() -> {});
      fail(rounds, away);
      // Then
      assertThat(warnings).containsExactly(away, other, away);
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static void fail(Rounds rounds, RuntimeException failure) {
    rounds.run(() -> {
      throw failure;
    });
  }
}
