package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeveralCallsTest {
  @Test
  void answersComeInTheOrderOfTheCalls() {
    // Given: the last of a batch must run for the first to end
    var all = new CountDownLatch(8);
    var calls = new ArrayList<Supplier<Integer>>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      calls.add(() -> {
        all.countDown();
        try {
          all.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return number;
      });
    }
    // Then
    assertThat(SeveralCalls.all(calls)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(SeveralCalls.<Integer>all(List.of())).isEmpty();
  }

  @Test
  void noMoreThanAFewAreUnderWay() {
    // Given
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    Supplier<Boolean> call =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          LockSupport.parkNanos(1_000_000);
          running.decrementAndGet();
          return true;
        };
    // When
    SeveralCalls.all(IntStream.range(0, 200).mapToObj(i -> call).toList());
    // Then
    assertThat(most.get()).isBetween(1, 8);
  }

  @Test
  void oneThatFailsEndsAll() {
    // Given: the second would wait for ever
    var never = new CountDownLatch(1);
    List<Supplier<Boolean>> calls =
        List.of(
            () -> {
              throw new IllegalArgumentException("refused");
            },
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return true;
            });
    // Then
    assertThatThrownBy(() -> SeveralCalls.all(calls))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("refused");
  }
}
