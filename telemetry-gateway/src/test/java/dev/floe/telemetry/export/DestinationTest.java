package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.ledger.Ledger;
import dev.floe.telemetry.wire.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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

  @Test
  void aLongWaitThatTheBackendAsksForEndsWhenTheBatchIsGivenUp() throws Exception {
    // Given
    backend.always = new Answer.Later(Duration.ofHours(1), "HTTP 503");
    var destination = destination(Map.of(".retry.give-up-after", "PT2S"));
    // When
    offer(destination, List.of(chunk(1, 5)));
    // Then
    await()
        .atMost(LONG)
        .until(() -> String.valueOf(destination.status().lastError()).contains("given up at"));
    assertThat(destination.status().lastError()).contains("HTTP 503; it asks to wait PT1H");
    await().atMost(LONG).until(() -> flow().dropped() == 5);
    assertThat(backend.requests).hasValue(1);
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void aWaitThatFitsIsNamedInTheStatus() throws Exception {
    // Given
    backend.always = new Answer.Later(Duration.ofSeconds(40), "HTTP 429");
    var destination = destination(Map.of());
    // When
    offer(destination, List.of(chunk(1, 5)));
    // Then
    await()
        .atMost(LONG)
        .until(() ->
            String.valueOf(destination.status().lastError()).startsWith("HTTP 429; next try at "));
    close(destination, Duration.ZERO);
  }

  @Test
  void aRequestThatFailsWithAnErrorIsSentAgain() throws Exception {
    // Given
    backend.failures.add(new OutOfMemoryError("in a test"));
    backend.failures.add(new StackOverflowError("in a test"));
    backend.failures.add(new IllegalArgumentException("in a test"));
    var destination = destination(Map.of(".connections", "1"));
    // When
    offer(destination, List.of(chunk(1, 5)));
    // Then
    await().atMost(LONG).until(() -> flow().exported() == 5);
    assertThat(destination.status().lastError()).startsWith("internal: IllegalArgumentException");
    assertThat(destination.heldBytes()).isZero();
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void aWorkerThatMeetsAnErrorCountsItsBatchAndGoesOn() throws Exception {
    // Given: one worker, and a batch that breaks it after the backend has answered
    var destination = destination(Map.of(".connections", "1"));
    var broken = new Breaking(List.of(new Chunk.Share("a", 3), new Chunk.Share("b", 4)));
    // When
    offer(destination, List.of(new Chunk(Signal.LOGS, new byte[10], broken)));
    // Then
    await().atMost(LONG).until(() -> flow().queued() == 0);
    assertThat(flow().exported()).isEqualTo(3);
    assertThat(flow().dropped()).isEqualTo(4);
    assertThat(ledger.drops())
        .containsExactly(new TelemetryStatus.Drop("main", "logs", "internal", 4));
    await()
        .atMost(LONG)
        .until(() ->
            String.valueOf(destination.status().lastError())
                .equals("internal: StackOverflowError; a batch was dropped"));
    // When
    offer(destination, List.of(chunk(1, 5)));
    // Then
    await().atMost(LONG).until(() -> flow().exported() == 8);
    assertThat(destination.heldBytes()).isZero();
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void aStopCountsWhatARequestUnderWayHolds() throws Exception {
    // Given: a backend that never answers, and a second batch behind the first
    backend.hang = true;
    var destination = destination(Map.of(".connections", "1", ".timeout", "PT1H"));
    offer(destination, List.of(chunk(1, 5)));
    await().atMost(LONG).until(() -> backend.requests.get() == 1);
    offer(destination, List.of(chunk(1, 6)));
    // When
    close(destination, Duration.ZERO);
    // Then
    assertThat(ledger.drops())
        .containsExactly(new TelemetryStatus.Drop("main", "logs", "shutdown", 11));
    assertThat(destination.heldBytes()).isZero();
  }

  @Test
  void aStopSaysInTheLogWhatWasLost() throws Exception {
    // Given
    var records = new ConcurrentLinkedQueue<LogRecord>();
    var handler = new Recording(records);
    var logger = Logger.getLogger(Destination.class.getName());
    logger.addHandler(handler);
    backend.always = new Answer.Later(null, "connection refused");
    var destination = destination(Map.of());
    offer(destination, List.of(chunk(1, 5), chunk(1, 6)));
    try {
      // When
      close(destination, Duration.ofMillis(100));
    } finally {
      logger.removeHandler(handler);
    }
    // Then
    assertThat(records)
        .singleElement()
        .extracting(Recording::text)
        .asString()
        .contains("Destination main (http://127.0.0.1:1): 11 items", "connection refused");
  }

  @Test
  void whatIsTooLargeIsDividedDownToItsItems() throws Exception {
    // Given: a backend that takes 256 KiB at most
    backend.largest = 256 * 1024;
    var destination = destination(Map.of());
    var request = logs(900, 1000);
    // When
    offer(
        destination, List.of(chunk(request, new Chunk.Share("a", 500), new Chunk.Share("b", 400))));
    // Then
    await().atMost(LONG).until(() -> flow().queued() == 0);
    assertThat(flow().exported()).isEqualTo(900);
    assertThat(backend.bodies()).doesNotHaveDuplicates().hasSize(900);
    assertThat(backend.requests.get()).isLessThan(20);
    assertThat(ledger.flows())
        .extracting(TelemetryStatus.Flow::exported)
        .containsExactly(500L, 400L);
    assertThat(destination.heldBytes()).isZero();
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void anItemThatIsRefusedAloneCostsNoOther() throws Exception {
    // Given
    backend.refusedBody = "body 17";
    var destination = destination(Map.of());
    // When
    offer(destination, List.of(chunk(logs(100, 10), new Chunk.Share("a", 100))));
    // Then
    await().atMost(LONG).until(() -> flow().queued() == 0);
    assertThat(flow().exported()).isEqualTo(99);
    assertThat(flow().rejected()).isEqualTo(1);
    assertThat(backend.bodies()).doesNotHaveDuplicates().hasSize(99);
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void aBackendThatRefusesEverythingIsNotAskedWithoutEnd() throws Exception {
    // Given
    backend.always = new Answer.Refused(true, "no");
    var destination = destination(Map.of());
    // When
    offer(destination, List.of(chunk(logs(2000, 10), new Chunk.Share("a", 2000))));
    // Then
    await().atMost(LONG).until(() -> flow().rejected() == 2000);
    assertThat(backend.requests.get()).isLessThanOrEqualTo(2 * Delivery.MAX_DIVISIONS + 1);
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void whatIsRefusedOfOneSenderCostsNoOtherOne() throws Exception {
    // Given: more refused items in one chunk than it may be divided, and others between the rest
    backend.refusedBody = "bad";
    var destination = destination(Map.of(".connections", "1"));
    var chunks = new ArrayList<Chunk>();
    chunks.add(chunk(logs(300, "bad"), new Chunk.Share("bad", 300)));
    for (int i = 0; i < 20; i++) {
      chunks.add(chunk(logs(50, "good"), new Chunk.Share("good", 50)));
      chunks.add(chunk(logs(1, "bad"), new Chunk.Share("bad", 1)));
    }
    // When
    offer(destination, chunks);
    // Then
    await().atMost(LONG).until(() -> flow().queued() == 0);
    assertThat(backend.bodies()).hasSize(1000).containsOnly("good");
    assertThat(flow().exported()).isEqualTo(1000);
    assertThat(flow().rejected()).isEqualTo(320);
    assertThat(backend.requests.get())
        .isLessThanOrEqualTo(2 * (chunks.size() + Delivery.MAX_DIVISIONS));
    close(destination, Duration.ofSeconds(1));
  }

  @Test
  void aWarningOfTheBackendIsInTheStatus() throws Exception {
    // Given
    backend.answers.add(new Answer.Taken(0, "the attribute x is deprecated"));
    var destination = destination(Map.of());
    // When
    offer(destination, List.of(chunk(1, 5)));
    // Then
    await().atMost(LONG).until(() -> flow().exported() == 5);
    assertThat(destination.status().state()).isEqualTo(TelemetryStatus.Destination.State.OK);
    assertThat(destination.status().lastError())
        .isEqualTo("all items taken, with a message: the attribute x is deprecated");
    close(destination, Duration.ofSeconds(1));
  }

  private static ExportLogsServiceRequest logs(int count, int padding) {
    var scope = ScopeLogs.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addLogRecords(
          io.opentelemetry.proto.logs.v1.LogRecord.newBuilder()
              .setBody(AnyValue.newBuilder().setStringValue("body " + i))
              .setSeverityText("x".repeat(padding)));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
        .build();
  }

  private static ExportLogsServiceRequest logs(int count, String body) {
    var scope = ScopeLogs.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addLogRecords(
          io.opentelemetry.proto.logs.v1.LogRecord.newBuilder()
              .setBody(AnyValue.newBuilder().setStringValue(body)));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
        .build();
  }

  private static Chunk chunk(ExportLogsServiceRequest request, Chunk.Share... shares) {
    return new Chunk(Signal.LOGS, request.toByteArray(), List.of(shares));
  }

  /** Fails once when its second share is counted as delivered. */
  private static final class Breaking extends AbstractList<Chunk.Share> {
    private final List<Chunk.Share> shares;
    private int asked;

    private Breaking(List<Chunk.Share> shares) {
      this.shares = shares;
    }

    @Override
    public Chunk.Share get(int index) {
      // It is asked when the items are queued, when they are added up, and when they are counted.
      if (index == 1 && ++asked == 3) {
        throw new StackOverflowError("in a test");
      }
      return shares.get(index);
    }

    @Override
    public int size() {
      return shares.size();
    }
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

  private static final class Recording extends Handler {
    private final Queue<LogRecord> records;

    private Recording(Queue<LogRecord> records) {
      this.records = records;
    }

    static String text(LogRecord logged) {
      return logged.getParameters() == null
          ? logged.getMessage()
          : String.format(Locale.ROOT, logged.getMessage(), logged.getParameters());
    }

    @Override
    public void publish(LogRecord logged) {
      records.add(logged);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Answers as it is told; takes everything otherwise. */
  private static final class Scripted implements Backend {
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Answer always;
    private volatile int poison = -1;
    private volatile int largest = Integer.MAX_VALUE;
    private volatile @Nullable String refusedBody;
    private volatile boolean hang;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();

    private List<String> bodies() {
      return taken.stream().flatMap(bytes -> bodies(bytes).stream()).toList();
    }

    private static List<String> bodies(byte[] bytes) {
      try {
        return ExportLogsServiceRequest.parseFrom(bytes).getResourceLogsList().stream()
            .flatMap(group -> group.getScopeLogsList().stream())
            .flatMap(scope -> scope.getLogRecordsList().stream())
            .map(item -> item.getBody().getStringValue())
            .toList();
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public Future<Answer> send(Signal signal, List<Chunk> batch, Duration timeout) {
      requests.incrementAndGet();
      switch (failures.poll()) {
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        case null, default -> {}
      }
      var promise = Promise.<Answer>promise();
      if (hang) {
        return promise.future();
      }
      var next = always == null ? answers.poll() : always;
      if (batch.stream().anyMatch(chunk -> chunk.bytes()[0] == poison)) {
        next = new Answer.Refused(true, "poison");
      }
      var refused = refusedBody;
      if (batch.stream().mapToInt(chunk -> chunk.bytes().length).sum() > largest
          || (refused != null
              && batch.stream().anyMatch(chunk -> bodies(chunk.bytes()).contains(refused)))) {
        next = new Answer.Refused(true, "HTTP 413");
      }
      if (next == null && (largest < Integer.MAX_VALUE || refused != null)) {
        batch.forEach(chunk -> taken.add(chunk.bytes()));
      }
      promise.complete(next == null ? new Answer.Taken(0, "") : next);
      return promise.future();
    }

    @Override
    public void close() {}
  }
}
