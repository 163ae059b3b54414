package dev.floe.telemetry.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pods are found in three ways; uid and name stay for a while, addresses end with the pod. */
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
  void anAddressEndsWithItsPod() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    // When
    directory.put(pod("u1", "a", "10.0.0.1", true));
    // Then
    assertThat(directory.find("ip:10.0.0.1")).isNull();
    assertThat(found("uid:u1")).isEqualTo("u1");
    assertThat(found("name:climate/a")).isEqualTo("u1");
    // When: it is another's, and the first one's object changes once more
    directory.put(pod("u2", "b", "10.0.0.1", false));
    directory.put(pod("u1", "a", "10.0.0.1", true));
    // Then
    assertThat(found("ip:10.0.0.1")).isEqualTo("u2");
  }

  @Test
  void anAddressThatAPodHadBeforeNamesItNoLonger() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    // When
    directory.put(pod("u1", "a", "10.0.0.2", false));
    // Then
    assertThat(directory.find("ip:10.0.0.1")).isNull();
    assertThat(found("ip:10.0.0.2")).isEqualTo("u1");
  }

  @Test
  void anAddressNamesNobodyWhileTwoPodsSeemToHoldIt() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    directory.put(pod("u2", "b", "10.0.0.1", false));
    assertThat(directory.find("ip:10.0.0.1")).isNull();
    // When
    directory.delete("u1");
    // Then
    assertThat(found("ip:10.0.0.1")).isEqualTo("u2");
  }

  @Test
  void aPodThatFinishedIsNotRevivedByAnOlderListing() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", true));
    // When
    directory.put(pod("u1", "a", "10.0.0.1", false));
    // Then
    assertThat(directory.find("ip:10.0.0.1")).isNull();
  }

  @Test
  void aNameThatIsUsedAgainEndsThePodThatHadIt() {
    // Given: a watch that began anew tells of the second pod only
    directory.put(pod("u1", "db-0", "10.0.0.1", false));
    // When
    directory.put(pod("u2", "db-0", "10.0.0.2", false));
    // Then
    assertThat(directory.find("ip:10.0.0.1")).isNull();
    assertThat(found("name:climate/db-0")).isEqualTo("u2");
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    directory.delete("none");
    assertThat(directory.find("uid:u1")).isNull();
    assertThat(found("name:climate/db-0")).isEqualTo("u2");
  }

  @Test
  void aPodThatComesBackIsNotForgotten() {
    // Given: a listing from a stale cache lacked it
    directory.put(pod("u1", "a", "10.0.0.1", false));
    directory.delete("u1");
    directory.put(pod("u1", "a", "10.0.0.1", false));
    // When
    now.addAndGet(Duration.ofMinutes(10).toNanos());
    directory.delete("none");
    // Then
    assertThat(found("ip:10.0.0.1")).isEqualTo("u1");
    assertThat(directory.size()).isEqualTo(1);
  }

  @Test
  void podsThatANewWatchDoesNotListAreGone() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    directory.put(pod("u2", "b", "10.0.0.2", false));
    // When
    directory.synced(Set.of("u2"));
    // Then
    assertThat(directory.isSynced()).isTrue();
    assertThat(directory.find("ip:10.0.0.1")).isNull();
    assertThat(found("uid:u1")).isEqualTo("u1");
    assertThat(found("ip:10.0.0.2")).isEqualTo("u2");
  }

  @Test
  void remembersTheDeletedForAWhile() {
    // Given
    directory.put(pod("u1", "a", "10.0.0.1", false));
    directory.delete("u1");
    assertThat(found("uid:u1")).isEqualTo("u1");
    assertThat(found("name:climate/a")).isEqualTo("u1");
    assertThat(directory.find("ip:10.0.0.1")).isNull();
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

  private @Nullable String found(String key) {
    var known = directory.find(key);
    return known == null ? null : known.pod().uid();
  }

  private static Pod pod(String uid, String name, @Nullable String ip, boolean finished) {
    return new Pod(
        uid,
        "climate",
        name,
        ip == null ? List.of() : List.of(ip),
        "n1",
        null,
        "climate",
        "weather",
        null,
        null,
        null,
        finished);
  }
}
