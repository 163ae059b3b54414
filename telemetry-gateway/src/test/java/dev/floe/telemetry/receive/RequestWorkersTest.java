package dev.floe.telemetry.receive;

import static dev.floe.telemetry.receive.RequestWorkers.Weight.HEAVY;
import static dev.floe.telemetry.receive.RequestWorkers.Weight.LIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Senders take turns, what waits is bounded, and no failure ends a worker. */
class RequestWorkersTest {
  private static final Object DOMAIN = "10.0.0.1";
  private static final Object OTHER = "10.0.0.2";

  private final RequestWorkers workers = new RequestWorkers(1, 32);

  @AfterEach
  void stop() {
    workers.stop();
  }

  @Test
  void sendersTakeTurnsByAddressAndThenByConnection() throws InterruptedException {
    // Given
    var order = Collections.synchronizedList(new ArrayList<String>());
    var done = new CountDownLatch(7);
    for (var task : List.of("a1", "a2", "a3", "b1", "b2")) {
      submit(DOMAIN, task.substring(0, 1), task, order, done);
    }
    submit(OTHER, "c", "c1", order, done);
    submit(OTHER, "c", "c2", order, done);
    // When
    workers.start();
    // Then
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(order).containsExactly("a1", "c1", "b1", "c2", "a2", "b2", "a3");
  }

  @Test
  void lightTasksDoNotWaitForHeavyOnes() throws InterruptedException {
    // Given: two workers, and heavy tasks that end only after the light one
    var two = new RequestWorkers(2, 100);
    var light = new CountDownLatch(1);
    var heavy = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      two.submit(
          DOMAIN,
          i,
          HEAVY,
          () -> {
            try {
              if (light.await(20, TimeUnit.SECONDS)) {
                heavy.countDown();
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    two.start();
    // When
    two.submit(DOMAIN, 11, LIGHT, light::countDown);
    // Then
    assertThat(heavy.await(20, TimeUnit.SECONDS)).isTrue();
    two.stop();
  }

  @Test
  void noMoreWaitThanMay() {
    for (int i = 0; i < 32; i++) {
      assertThat(workers.submit("10.0.0." + i / 8, i, LIGHT, () -> {})).isTrue();
    }
    assertThat(workers.submit("10.0.0.9", 9, HEAVY, () -> {})).isFalse();
  }

  @Test
  void oneAddressLeavesPlacesToOthers() {
    // Given: an address that hands over what it can, on several connections
    int taken = 0;
    while (workers.submit(DOMAIN, taken % 4, taken % 2 == 0 ? HEAVY : LIGHT, () -> {})) {
      taken++;
    }
    // When, then
    assertThat(taken).isEqualTo(8);
    assertThat(workers.submit(OTHER, 9, LIGHT, () -> {})).isTrue();
  }

  @Test
  void aTaskThatFailsEndsNoWorker() throws InterruptedException {
    // Given
    var done = new CountDownLatch(1);
    workers.submit(
        DOMAIN,
        1,
        LIGHT,
        () -> {
          throw new StackOverflowError("of the test");
        });
    workers.submit(DOMAIN, 1, LIGHT, done::countDown);
    // When
    workers.start();
    // Then
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatWaitsIsStillDoneAfterAStop() throws InterruptedException {
    // Given
    var done = new CountDownLatch(1);
    workers.submit(DOMAIN, 1, LIGHT, done::countDown);
    // When
    workers.stop();
    workers.start();
    // Then
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(workers.submit(DOMAIN, 1, LIGHT, () -> {})).isFalse();
  }

  private void submit(
      Object address, Object connection, String task, List<String> order, CountDownLatch done) {
    workers.submit(
        address,
        connection,
        LIGHT,
        () -> {
          order.add(task);
          done.countDown();
        });
  }
}
