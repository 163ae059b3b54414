package dev.floe.telemetry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.telemetry.enrich.Attribution;
import dev.floe.telemetry.export.Chunk;
import dev.floe.telemetry.wire.AttributeEdits;
import dev.floe.telemetry.wire.AttributeKey;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.OverdueException;
import dev.floe.telemetry.wire.Signal;
import dev.floe.telemetry.wire.StructureLimits;
import dev.floe.test.OtlpBackend;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request becomes pieces that are named, counted per sender, and of bounded size. */
class ChunkBuilderTest {
  private static final Attribution ONE = new Attribution(AttributeEdits.NONE, "one");
  private static final Attribution TWO =
      new Attribution(
          AttributeEdits.builder().set(AttributeKey.of("floe.product"), "two").build(), "two");

  @Test
  void aRequestWithoutChangesIsQueuedAsItCame() {
    // Given
    var request = request(3, 10);
    var builder = builder(10_000, 10_000);
    // When
    builder.add(request, List.of(ONE));
    // Then
    var chunk = builder.chunks().getFirst();
    assertThat(builder.chunks()).hasSize(1);
    assertThat(chunk.bytes()).isSameAs(request.bytes());
    assertThat(chunk.shares()).containsExactly(new Chunk.Share("one", 3));
  }

  @Test
  void manySendersShareAChunk() throws Exception {
    // Given
    var request = request(3, 10, 4, 10, 5, 10);
    var builder = builder(10_000, 10_000);
    // When
    builder.add(request, List.of(ONE, TWO, ONE));
    // Then
    var chunk = builder.chunks().getFirst();
    assertThat(builder.chunks()).hasSize(1);
    assertThat(chunk.shares())
        .containsExactly(new Chunk.Share("one", 8), new Chunk.Share("two", 4));
    var groups = ExportLogsServiceRequest.parseFrom(chunk.bytes()).getResourceLogsList();
    assertThat(groups)
        .extracting(group -> OtlpBackend.attributes(group.getResource()).get("floe.product"))
        .containsExactly(null, "two", null);
  }

  @Test
  void largeRequestsBecomeSeveralChunksThatHoldEverything() {
    // Given
    var request = request(50, 100, 2, 100);
    var builder = builder(1000, 1000);
    // When
    builder.add(request, List.of(TWO, ONE));
    // Then
    assertThat(builder.chunks())
        .hasSizeGreaterThan(5)
        .allMatch(chunk -> chunk.bytes().length <= 1000);
    assertThat(items(builder.chunks(), "two")).isEqualTo(50);
    assertThat(items(builder.chunks(), "one")).isEqualTo(2);
    assertThat(builder.leftOut()).isZero();
  }

  @Test
  void itemsThatAreTooLargeAreLeftOutAndCounted() {
    // Given
    var request = request(1, 5000, 7, 10);
    var builder = builder(10_000, 1000);
    // When
    builder.add(request, List.of(ONE, TWO));
    // Then
    assertThat(builder.leftOut()).isEqualTo(1);
    assertThat(items(builder.chunks(), "one")).isZero();
    assertThat(items(builder.chunks(), "two")).isEqualTo(7);
  }

  @Test
  void whatIsWrittenIsCountedBeforeItIs() {
    // Given: attributes of 10 kB for each of a hundred groups of a few bytes
    var edits = AttributeEdits.builder().set(AttributeKey.of("a"), "x".repeat(10_000)).build();
    int[] groups = new int[200];
    Arrays.fill(groups, 1);
    var inFlight = new InFlight(500_000, 0);
    var reservation = inFlight.open();
    var builder = new ChunkBuilder(Signal.LOGS, 100_000, 1000, reservation, () -> false);
    // When, then
    assertThatThrownBy(() ->
            builder.add(request(groups), Collections.nCopies(100, new Attribution(edits, "one"))))
        .isInstanceOf(ChunkBuilder.NoRoomException.class);
    assertThat(inFlight.held()).isBetween(400_000L, 500_000L);
    reservation.close();
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void emptyGroupsAndUnknownFieldsGoNoFurther() {
    // Given: a group with an item, a hundred empty ones and a hundred fields that OTLP does not
    // have
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(request(1, 10).bytes());
    for (int i = 0; i < 100; i++) {
      bytes.writeBytes(new byte[] {0x0a, 0, 0x78, 1});
    }
    var request =
        OtlpRequest.parse(
            Signal.LOGS, bytes.toByteArray(), new StructureLimits(1, 1000, 1000, () -> false));
    var builder = builder(10_000, 10_000);
    // When
    builder.add(request, List.of(ONE));
    // Then
    assertThat(builder.chunks()).hasSize(1);
    assertThat(builder.chunks().getFirst().bytes()).isEqualTo(request(1, 10).bytes());
  }

  @Test
  void workThatTakesTooLongIsGivenUp() {
    // Given
    var builder =
        new ChunkBuilder(Signal.LOGS, 1000, 1000, new InFlight(1_000_000, 0).open(), () -> true);
    // When, then
    assertThatThrownBy(() -> builder.add(request(50, 100), List.of(TWO)))
        .isInstanceOf(OverdueException.class);
  }

  private static ChunkBuilder builder(int chunkBytes, int maxItemBytes) {
    return new ChunkBuilder(
        Signal.LOGS, chunkBytes, maxItemBytes, new InFlight(1_000_000, 0).open(), () -> false);
  }

  private static int items(List<Chunk> chunks, String sender) {
    return chunks.stream()
        .flatMap(chunk -> chunk.shares().stream())
        .filter(share -> share.sender().equals(sender))
        .mapToInt(Chunk.Share::items)
        .sum();
  }

  /** Groups of so many records of so many characters. */
  private static OtlpRequest request(int... groups) {
    var request = ExportLogsServiceRequest.newBuilder();
    for (int i = 0; i < groups.length; i += 2) {
      var scope = ScopeLogs.newBuilder();
      for (int n = 0; n < groups[i]; n++) {
        scope.addLogRecords(
            LogRecord.newBuilder()
                .setBody(AnyValue.newBuilder().setStringValue("x".repeat(groups[i + 1]))));
      }
      request.addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope));
    }
    return OtlpRequest.parse(Signal.LOGS, request.build().toByteArray());
  }
}
