package dev.floe.telemetry.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A loop continues after whatever it meets, and ends when it returns or is interrupted. */
class SupervisedThreadTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void beginsAnewAfterAnError() throws Exception {
    // Given
    var runs = new AtomicInteger();
    var told = new CopyOnWriteArrayList<Class<?>>();
    // When
    var thread =
        SupervisedThread.start(
            "test",
            () -> {
              switch (runs.incrementAndGet()) {
                case 1 -> throw new StackOverflowError("in a test");
                case 2 -> throw new IllegalStateException("in a test");
                default -> {}
              }
            },
            failure -> {
              told.add(failure.getClass());
              throw new IllegalStateException("whoever is told fails as well");
            });
    // Then
    assertThat(thread.join(LONG)).isTrue();
    assertThat(runs).hasValue(3);
    assertThat(told).isEqualTo(List.of(StackOverflowError.class, IllegalStateException.class));
  }

  @Test
  void endsWhenItIsInterrupted() throws Exception {
    // Given
    var begun = new CountDownLatch(1);
    var thread =
        SupervisedThread.start(
            "test",
            () -> {
              begun.countDown();
              new CountDownLatch(1).await();
            },
            failure -> {});
    begun.await();
    // When
    thread.interrupt();
    // Then
    assertThat(thread.join(LONG)).isTrue();
  }
}
