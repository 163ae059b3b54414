package dev.floe.telemetry.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Requests wait for pods that are to come: not long, not too many, and not again soon. */
class PodWaitsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final AtomicLong now = new AtomicLong(1);
  private final PodWaits waits = new PodWaits(8, now::get);

  @Test
  void endsWhenAllThatIsWaitedForIsThere() {
    // Given
    var known = ConcurrentHashMap.<String>newKeySet();
    var keys = List.of("ip:10.0.0.1", "uid:u2");
    var over = CompletableFuture.runAsync(() -> run(keys, known::contains, LONG));
    known.add("ip:10.0.0.1");
    waits.arrived(known);
    assertThat(over).isNotDone();
    // When
    known.add("uid:u2");
    waits.arrived(known);
    // Then
    await().atMost(LONG).until(over::isDone);
  }

  @Test
  void doesNotWaitForWhatBecameKnownMeanwhile() {
    var over = CompletableFuture.runAsync(() -> run(List.of("uid:u1"), "uid:u1"::equals, LONG));
    await().atMost(LONG).until(over::isDone);
  }

  @Test
  void doesNotWaitAgainSoonForAPodThatDidNotCome() {
    // Given
    var keys = List.of("ip:192.168.0.1");
    assertThat(waits.isWorthwhile(keys)).isTrue();
    // When
    run(keys, key -> false, Duration.ZERO);
    // Then
    assertThat(waits.isWorthwhile(keys)).isFalse();
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(waits.isWorthwhile(keys)).isTrue();
  }

  @Test
  void waitsAgainForAPodThatCameAfterAll() {
    // Given
    var keys = List.of("uid:u1");
    run(keys, key -> false, Duration.ZERO);
    // When
    waits.arrived(keys);
    // Then
    assertThat(waits.isWorthwhile(keys)).isTrue();
  }

  @Test
  void oneSenderTakesAQuarterOfThePlacesAtMost() {
    // When, then
    assertThat(waits.enter("a")).isTrue();
    assertThat(waits.enter("a")).isTrue();
    assertThat(waits.enter("a")).isFalse();
    waits.leave("a");
    assertThat(waits.enter("a")).isTrue();
    for (var other : List.of("b", "b", "c", "c", "d", "d")) {
      assertThat(waits.enter(other)).isTrue();
    }
    assertThat(waits.enter("e")).isFalse();
    assertThat(waits.size()).isEqualTo(8);
    waits.leave("b");
    assertThat(waits.enter("e")).isTrue();
  }

  private void run(List<String> keys, Predicate<String> known, Duration bound) {
    try {
      waits.await(keys, known, bound);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
