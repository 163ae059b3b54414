package dev.floe.telemetry.receive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.ledger.RefusalReason;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A body is bounded, alone and together with all others, and gives back what it took. */
class RequestBodyTest {
  private final InFlight inFlight = new InFlight(100_000, 0);
  private final RequestBody body = new RequestBody(inFlight.open(), 50_000, Duration.ofSeconds(1));

  @Test
  void holdsWhatArrived() {
    // Given
    byte[] bytes = random(20_000);
    // When
    for (int i = 0; i < bytes.length; i += 1000) {
      assertThat(body.append(Buffer.buffer().appendBytes(bytes, i, 1000))).isNull();
    }
    // Then
    assertThat(body.join(0)).isNull();
    assertThat(body.bytes()).isEqualTo(bytes);
    assertThat(inFlight.held()).isEqualTo(20_000);
  }

  @Test
  void leavesOutWhatPrecedesTheRequest() {
    // Given: the first bytes come one by one
    byte[] bytes = random(9000);
    body.expect(3);
    for (int i = 0; i < 10; i++) {
      assertThat(body.append(Buffer.buffer().appendBytes(bytes, i, 1))).isNull();
    }
    assertThat(body.append(Buffer.buffer().appendBytes(bytes, 10, 8990))).isNull();
    assertThat(body.at(8)).isEqualTo(bytes[8]);
    // When
    assertThat(body.join(5)).isNull();
    // Then
    assertThat(body.bytes()).isEqualTo(Arrays.copyOfRange(bytes, 5, 9000));
  }

  @Test
  void countsWhatArrivedNotWhatWasAnnounced() {
    // When
    body.expect(50_000);
    body.append(Buffer.buffer(new byte[] {1}));
    // Then
    assertThat(inFlight.held()).isLessThanOrEqualTo(4096);
    // When
    body.append(Buffer.buffer(new byte[10_000]));
    // Then
    assertThat(inFlight.held()).isLessThanOrEqualTo(20_000);
  }

  @Test
  void keepsNothingOnceClosed() {
    // Given
    body.append(Buffer.buffer(new byte[40_000]));
    body.join(0);
    // When
    body.close();
    // Then
    assertThat(body.bytes()).isEmpty();
    assertThat(inFlight.held()).isZero();
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
    assertThat(inFlight.reserve(null, 70_000)).isTrue();
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
    body.append(Buffer.buffer(Gzip.of(bytes)));
    // When, then
    assertThat(body.inflate(0, Integer.MAX_VALUE, () -> false)).isNull();
    assertThat(body.bytes()).isEqualTo(bytes);
    assertThat(inFlight.held()).isEqualTo(30_000);
  }

  @Test
  void stopsUnpackingAtTheLimit() throws Exception {
    // Given: ten megabytes of nothing in ten kilobytes
    body.append(Buffer.buffer(Gzip.of(new byte[10_000_000])));
    // When
    var refusal = body.inflate(0, Integer.MAX_VALUE, () -> false);
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.reason() == RefusalReason.TOO_LARGE);
    assertThat(inFlight.held()).isLessThanOrEqualTo(100_000);
  }

  @Test
  void saysSoWhereGzipIsCutOff() throws Exception {
    // Given
    byte[] packed = Gzip.of(random(1000));
    body.append(Buffer.buffer().appendBytes(packed, 0, packed.length - 9));
    // When
    var refusal = body.inflate(0, Integer.MAX_VALUE, () -> false);
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.reason() == RefusalReason.MALFORMED);
  }

  @Test
  void unpacksSeveralMembersWithEverythingAHeaderMayHave() throws Exception {
    // Given
    byte[] first = Gzip.of(random(3000));
    byte[] second = Gzip.of("second".getBytes(UTF_8));
    second[3] = 2 + 4 + 8 + 16;
    var header = new byte[] {3, 0, 7, 7, 7, 'n', 0, 'c', 0, 9, 9};
    body.append(
        Buffer.buffer()
            .appendBytes(first)
            .appendBytes(second, 0, 10)
            .appendBytes(header)
            .appendBytes(second, 10, second.length - 10));
    // When, then
    assertThat(body.inflate(0, Integer.MAX_VALUE, () -> false)).isNull();
    assertThat(body.bytes()).startsWith(random(3000)).endsWith("second".getBytes(UTF_8));
  }

  @Test
  void aMillionEmptyMembersAreRefused() throws Exception {
    // Given: java.util.zip.GZIPInputStream overflows its stack on these
    byte[] empty = Gzip.of(new byte[0]);
    var members = Buffer.buffer();
    for (int i = 0; i < 2000; i++) {
      members.appendBytes(empty);
    }
    body.append(members);
    // When
    var refusal = body.inflate(0, Integer.MAX_VALUE, () -> false);
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.message().contains("more than 64 members"));
  }

  @Test
  void saysSoWhereTheChecksumIsWrong() throws Exception {
    // Given
    byte[] packed = Gzip.of(random(1000));
    packed[packed.length - 8]++;
    body.append(Buffer.buffer(packed));
    // When
    var refusal = body.inflate(0, Integer.MAX_VALUE, () -> false);
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.message().contains("wrong checksum"));
  }

  @Test
  void aBodyThatBecameMoreThanItSaidCanBeUnpackedAgain() {
    // Given: the last of two members says little
    body.append(Buffer.buffer(Gzip.of(random(30_000))).appendBytes(Gzip.of(new byte[10])));
    assertThat(body.announced()).isEqualTo(10);
    long held = inFlight.held();
    // When
    var refusal = body.inflate(0, 1000, () -> false);
    // Then
    assertThat(refusal).isNotNull().matches(r -> r.reason() == RefusalReason.TOO_LARGE);
    assertThat(inFlight.held()).isEqualTo(held);
    assertThat(body.inflate(0, Integer.MAX_VALUE, () -> false)).isNull();
    assertThat(body.bytes()).hasSize(30_010);
  }

  @Test
  void everyCutAndChangeOfGzipIsRefusedInWords() throws Exception {
    // Given
    byte[] bytes = random(500);
    byte[] packed = Gzip.of(bytes);
    var random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      byte[] changed = Arrays.copyOf(packed, random.nextInt(packed.length + 1));
      if (changed.length > 0) {
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      }
      var body = new RequestBody(inFlight.open(), 50_000, Duration.ofSeconds(1));
      body.append(Buffer.buffer(changed));
      // When
      var refusal = body.inflate(0, Integer.MAX_VALUE, () -> false);
      // Then: refused, or what it was (headers hold times and names that nobody checks)
      if (refusal == null) {
        assertThat(body.bytes()).isEqualTo(bytes);
      }
      body.close();
    }
    assertThat(inFlight.held()).isZero();
  }

  @Test
  void unpackingIsGivenUpWhenItTakesTooLong() throws Exception {
    // Given
    body.append(Buffer.buffer(Gzip.of(random(30_000))));
    // When
    var refusal = body.inflate(0, Integer.MAX_VALUE, () -> true);
    // Then
    assertThat(refusal)
        .isNotNull()
        .matches(r -> r.reason() == RefusalReason.TIMED_OUT && r.httpStatus() == 503);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
