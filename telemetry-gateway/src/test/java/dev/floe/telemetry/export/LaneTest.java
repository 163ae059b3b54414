package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.telemetry.wire.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A batch is let go when it is full, or old enough, or nothing more comes. */
class LaneTest {
  private static final Duration EVER = Duration.ofHours(1);

  @Test
  void aFullBatchGoesAtOnce() throws Exception {
    // Given
    var lane = new Lane(100, EVER);
    lane.put(chunk(60));
    lane.put(chunk(30));
    lane.put(chunk(60));
    // When, then
    assertThat(lane.take()).hasSize(2);
  }

  @Test
  void aChunkLargerThanABatchGoesAlone() throws Exception {
    // Given
    var lane = new Lane(100, EVER);
    lane.put(chunk(500));
    lane.put(chunk(1));
    // When, then
    assertThat(lane.take()).hasSize(1);
  }

  @Test
  void whatIsOldEnoughGoesHoweverLittleItIs() throws Exception {
    // Given
    var lane = new Lane(100, Duration.ofMillis(1));
    lane.put(chunk(1));
    // When, then
    assertThat(lane.take()).hasSize(1);
  }

  @Test
  void whatIsYoungWaits() {
    // Given
    var lane = new Lane(100, EVER);
    var taken = taking(lane);
    lane.put(chunk(99));
    assertThat(taken).isNotDone();
    // When
    lane.put(chunk(1));
    // Then
    await().atMost(Duration.ofSeconds(60)).until(taken::isDone);
    assertThat(taken.join()).hasSize(2);
  }

  @Test
  void aClosedLaneGivesWhatItHasAndThenNothing() throws Exception {
    // Given
    var lane = new Lane(100, EVER);
    lane.put(chunk(1));
    // When
    lane.close();
    // Then
    assertThat(lane.put(chunk(1))).isFalse();
    assertThat(lane.take()).hasSize(1);
    assertThat(lane.take()).isNull();
  }

  private static CompletableFuture<List<Chunk>> taking(Lane lane) {
    var taken = new CompletableFuture<List<Chunk>>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            var batch = lane.take();
            taken.complete(batch == null ? List.of() : batch);
          } catch (InterruptedException e) {
            taken.completeExceptionally(e);
          }
        });
    return taken;
  }

  private static Chunk chunk(int bytes) {
    return new Chunk(Signal.LOGS, new byte[bytes], List.of(new Chunk.Share("sender", 1)));
  }
}
