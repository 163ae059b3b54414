package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.wire.Signal;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a destination does with each answer, and at its end. */
class DestinationTest {
  private static final String KEY = "floe.telemetry.export.destinations.main";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Ledger ledger = Ledger.of(10);
  private final Scripted backend = new Scripted();

  @Test
  void findsTheChunkThatABackendMinds() throws Exception {
    // Given: the backend refuses whatever holds the second chunk
    backend.poison = 2;
    var destination = destination(Map.of());
    var chunks = List.of(chunk(1, 5), chunk(2, 7), chunk(3, 11), chunk(4, 13));
    // When
    offer(destination, chunks);
    // Then
    await().atMost(LONG).until(() -> flow().queued() == 0);
    assertThat(flow().rejected()).isEqualTo(7);
    assertThat(flow().exported()).isEqualTo(29);
    assertThat(destination.heldBytes()).isZero();
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void givesUpAfterAWhileAndCountsIt() throws Exception {
    // Given
    backend.always = new Answer.Later(null, "busy");
    var destination = destination(Map.of(".retry.give-up-after", "PT0S"));
    // When
    offer(destination, List.of(chunk(1, 5)));
    // Then
    await().atMost(LONG).until(() -> flow().dropped() == 5);
    assertThat(ledger.drops())
        .containsExactly(new TelemetryStatus.Drop("main", "logs", "gave-up", 5));
    assertThat(destination.heldBytes()).isZero();
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void aStopSendsWhatWaits() throws Exception {
    // Given
    var destination = destination(Map.of(".batch-delay", "PT1H"));
    offer(destination, List.of(chunk(1, 5)));
    // When
    close(destination, LONG);
    // Then
    assertThat(flow().exported()).isEqualTo(5);
  }

  @Test
  void aStopDropsWhatIsLeftWhenItsTimeIsOver() throws Exception {
    // Given
    backend.always = new Answer.Later(null, "busy");
    var destination = destination(Map.of());
    offer(destination, List.of(chunk(1, 5), chunk(1, 6)));
    // When
    close(destination, Duration.ofMillis(200));
    // Then
    assertThat(flow().dropped()).isEqualTo(11);
    assertThat(flow().queued()).isZero();
    assertThat(ledger.drops()).allMatch(drop -> drop.reason().equals("shutdown"));
    assertThat(destination.heldBytes()).isZero();
  }

  @Test
  void takesNoMoreBytesThanItsQueueHolds() {
    // Given
    var destination = destination(Map.of(".queue-bytes", "10K", ".batch-bytes", "1K"));
    // When, then
    assertThat(destination.reserve(10_000)).isTrue();
    assertThat(destination.reserve(241)).isFalse();
    assertThat(destination.reserve(240)).isTrue();
    destination.release(10_000);
    assertThat(destination.reserve(241)).isTrue();
  }

  @Test
  void eachSenderBearsItsPartOfWhatWasRejected() throws Exception {
    // Given
    backend.answers.add(new Answer.Taken(10, "some"));
    var destination = destination(Map.of());
    var shares = List.of(new Chunk.Share("a", 75), new Chunk.Share("b", 25));
    // When
    offer(destination, List.of(new Chunk(Signal.LOGS, new byte[10], shares)));
    // Then
    await()
        .atMost(LONG)
        .until(() -> ledger.flows().stream().mapToLong(TelemetryStatus.Flow::queued).sum() == 0);
    assertThat(ledger.flows()).extracting(TelemetryStatus.Flow::rejected).containsExactly(7L, 3L);
    close(destination, Duration.ofSeconds(1));
  }

  private TelemetryStatus.Flow flow() {
    return ledger.total("main", Signal.LOGS);
  }

  private static void offer(Destination destination, List<Chunk> chunks) {
    assertThat(destination.reserve(chunks.stream().mapToLong(c -> c.bytes().length).sum()))
        .isTrue();
    destination.put(chunks);
  }

  private static void close(Destination destination, Duration bound) throws InterruptedException {
    destination.close(bound);
    destination.awaitClosed();
  }

  private Destination destination(Map<String, String> settings) {
    var properties = new HashMap<String, String>();
    properties.put(KEY + ".endpoint", "http://127.0.0.1:1");
    properties.put(KEY + ".batch-delay", "PT0.01S");
    properties.put(KEY + ".retry.initial", "PT0.01S");
    settings.forEach((key, value) -> properties.put(KEY + key, value));
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(ExportConfig.class)
            .withSources(new PropertiesConfigSource(properties, "test", 100))
            .build()
            .getConfigMapping(ExportConfig.class)
            .destinations()
            .get("main");
    var destination = new Destination("main", Objects.requireNonNull(config), backend, ledger);
    destination.start();
    return destination;
  }

  private static Chunk chunk(int content, int items) {
    return new Chunk(
        Signal.LOGS, new byte[] {(byte) content}, List.of(new Chunk.Share("sender", items)));
  }

  /** Answers as it is told; takes everything otherwise. */
  private static final class Scripted implements Backend {
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Answer always;
    private volatile int poison = -1;

    @Override
    public Future<Answer> send(Signal signal, List<Chunk> batch, Duration timeout) {
      var promise = Promise.<Answer>promise();
      var next = always == null ? answers.poll() : always;
      if (batch.stream().anyMatch(chunk -> chunk.bytes()[0] == poison)) {
        next = new Answer.Refused(true, "poison");
      }
      promise.complete(next == null ? new Answer.Taken(0, "") : next);
      return promise.future();
    }

    @Override
    public void close() {}
  }
}
