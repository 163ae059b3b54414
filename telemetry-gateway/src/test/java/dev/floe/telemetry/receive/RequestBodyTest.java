package dev.floe.telemetry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.ledger.RefusalReason;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A body is bounded, alone and together with all others, and gives back what it took. */
class RequestBodyTest {
  private final InFlight inFlight = new InFlight(100_000);
  private final RequestBody body = new RequestBody(inFlight, 50_000, Duration.ofSeconds(1));

  @Test
  void holdsWhatArrived() {
    // Given
    byte[] bytes = random(20_000);
    // When
    for (int i = 0; i < bytes.length; i += 1000) {
      assertThat(body.append(Buffer.buffer().appendBytes(bytes, i, 1000))).isNull();
    }
    // Then
    assertThat(body.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void refusesMoreThanTheLimit() {
    // When
    var refusal = body.append(Buffer.buffer(new byte[50_001]));
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.reason() == RefusalReason.TOO_LARGE);
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void refusesWhenAllTogetherAreTooMuch() {
    // Given
    assertThat(inFlight.reserve(70_000)).isTrue();
    // When
    var refusal = body.append(Buffer.buffer(new byte[40_000]));
    // Then
    assertThat(refusal)
        .isNotNull()
        .matches(r -> r.reason() == RefusalReason.FULL && r.retryAfter() != null);
  }

  @Test
  void givesBackWhatItTookOnce() {
    // Given
    assertThat(body.append(Buffer.buffer(new byte[40_000]))).isNull();
    assertThat(inFlight.held()).isGreaterThanOrEqualTo(40_000);
    // When
    body.close();
    body.close();
    // Then
    assertThat(inFlight.held()).isZero();
    assertThat(body.append(Buffer.buffer(new byte[49_000]))).isNotNull();
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void unpacksWhatFits() throws Exception {
    // Given
    byte[] bytes = random(30_000);
    body.append(Buffer.buffer(gzip(bytes)));
    // When, then
    assertThat(body.unpack()).isNull();
    assertThat(body.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void stopsUnpackingAtTheLimit() throws Exception {
    // Given: ten megabytes of nothing in ten kilobytes
    body.append(Buffer.buffer(gzip(new byte[10_000_000])));
    // When
    var refusal = body.unpack();
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.reason() == RefusalReason.TOO_LARGE);
    assertThat(inFlight.held()).isLessThanOrEqualTo(100_000);
  }

  @Test
  void saysSoWhereGzipIsCutOff() throws Exception {
    // Given
    byte[] packed = gzip(random(1000));
    body.append(Buffer.buffer().appendBytes(packed, 0, packed.length - 9));
    // When
    var refusal = body.unpack();
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.reason() == RefusalReason.MALFORMED);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
