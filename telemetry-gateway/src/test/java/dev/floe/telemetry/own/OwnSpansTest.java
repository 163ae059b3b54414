package dev.floe.telemetry.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.receive.Acceptance;
import dev.floe.telemetry.wire.ExportResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whatever happens to the gateway's own spans, the SDK's thread continues. */
class OwnSpansTest {
  @Test
  void anErrorIsAFailureOfOneExport() {
    // Given
    var broken = new AtomicBoolean(true);
    var spans =
        new OwnSpans(request -> {
          if (broken.get()) {
            throw new OutOfMemoryError("in a test");
          }
          return CompletableFuture.completedFuture(
              new Acceptance.Accepted(ExportResponse.COMPLETE));
        });
    // When, then
    assertThat(spans.export(List.of()).isSuccess()).isFalse();
    broken.set(false);
    assertThat(spans.export(List.of()).isSuccess()).isTrue();
  }
}
