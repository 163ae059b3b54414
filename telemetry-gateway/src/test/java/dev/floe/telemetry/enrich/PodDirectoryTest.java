package dev.floe.telemetry.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pods are found in three ways, stay for a while, and can be waited for. */
class PodDirectoryTest {
  private final AtomicLong now = new AtomicLong(1);
  private final PodDirectory directory = new PodDirectory(Duration.ofMinutes(10), 2, 2, now::get);

  @Test
  void findsAPodByUidNameAndAddress() {
    // When
    directory.put(pod("u1", "a", "10.0.0.1", false));
    // Then
    for (var key : List.of("uid:u1", "name:climate/a", "ip:10.0.0.1")) {
      assertThat(found(key)).isEqualTo("u1");
    }
    assertThat(directory.size()).isEqualTo(1);
  }

  @Test
  void anAddressBelongsToTheLastPodThatHasIt() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    directory.put(pod("u2", "b", "10.0.0.1", false));
    // When: the first one's object changes once more after it ended
    directory.put(pod("u1", "a", "10.0.0.1", true));
    // Then
    assertThat(found("ip:10.0.0.1")).isEqualTo("u2");
    assertThat(found("uid:u1")).isEqualTo("u1");
  }

  @Test
  void remembersTheDeletedForAWhile() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    directory.delete("u1");
    assertThat(found("ip:10.0.0.1")).isEqualTo("u1");
    // When
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    directory.put(pod("u2", "b", "10.0.0.2", false));
    // Then
    assertThat(directory.find("uid:u1")).isNull();
    assertThat(directory.find("name:climate/a")).isNull();
    assertThat(directory.find("ip:10.0.0.1")).isNull();
    assertThat(directory.size()).isEqualTo(1);
  }

  @Test
  void remembersOnlySoManyOfThem() {
    // When
    for (int i = 0; i < 5; i++) {
      directory.put(pod("u" + i, "p" + i, null, false));
      directory.delete("u" + i);
    }
    // Then
    assertThat(directory.find("uid:u2")).isNull();
    assertThat(directory.find("uid:u3")).isNotNull();
    assertThat(directory.size()).isEqualTo(2);
  }

  @Test
  void wakesWhoWaitsForAPod() {
    // Given
    var waiting = directory.await(List.of("ip:10.0.0.1", "uid:u2"));
    directory.put(pod("u1", "a", "10.0.0.1", false));
    assertThat(waiting.done()).isNotDone();
    // When
    directory.put(pod("u2", "b", null, false));
    // Then
    assertThat(waiting.done()).isDone();
  }

  @Test
  void doesNotWaitAgainSoonForAPodThatDidNotCome() {
    // Given
    var keys = List.of("ip:192.168.0.1");
    directory.giveUp(directory.await(keys), keys);
    // When, then
    assertThat(directory.await(keys).done()).isDone();
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(directory.await(keys).done()).isNotDone();
  }

  @Test
  void onlySoManyWait() {
    // Given
    var one = directory.await(List.of("uid:1"));
    var unused = directory.await(List.of("uid:2"));
    assertThat(unused.done()).isNotDone();
    assertThat(directory.await(List.of("uid:3")).done()).isDone();
    // When
    directory.giveUp(one, List.of("uid:1"));
    // Then
    assertThat(directory.await(List.of("uid:3")).done()).isNotDone();
  }

  private @Nullable String found(String key) {
    var known = directory.find(key);
    return known == null ? null : known.pod().uid();
  }

  private static Pod pod(String uid, String name, @Nullable String ip, boolean finished) {
    return new Pod(
        uid, "climate", name, ip, "n1", null, "climate", "weather", null, null, null, finished);
  }
}
