package dev.floe.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.GrpcStatus;
import dev.floe.telemetry.wire.RpcStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are read as the OTLP specification says, no more generously and no less. */
class AnswersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final byte[] NONE = {};

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void theseAreSentAgain(int status) {
    assertThat(HttpAnswers.read(status, null, NONE, NOW))
        .isEqualTo(new Answer.Later(null, "HTTP " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 403, 404, 408, 413, 500, 501})
  void allOthersAreNot(int status) {
    assertThat(HttpAnswers.read(status, "5", NONE, NOW)).isInstanceOf(Answer.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 10, 11, 14, 15})
  void theseCodesAreSentAgain(int code) {
    assertThat(GrpcAnswers.read(200, Integer.toString(code), "why%21", null, NONE))
        .isEqualTo(new Answer.Later(null, "gRPC " + GrpcStatus.name(code) + ": why!"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 9, 12, 13, 16, 99})
  void allOtherCodesAreNot(int code) {
    assertThat(GrpcAnswers.read(200, Integer.toString(code), null, null, NONE))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void exhaustedResourcesComeBackOnlyWhereTheBackendSaysWhen() {
    // Given
    var status = new RpcStatus(8, "slow down", Duration.ofSeconds(3)).toByteArray();
    var details = Base64.getEncoder().withoutPadding().encodeToString(status);
    // When, then
    assertThat(GrpcAnswers.read(200, "8", null, null, NONE))
        .isEqualTo(new Answer.Refused(true, "gRPC RESOURCE_EXHAUSTED"));
    assertThat(GrpcAnswers.read(200, "8", null, details, NONE))
        .isEqualTo(new Answer.Later(Duration.ofSeconds(3), "gRPC RESOURCE_EXHAUSTED"));
  }

  @Test
  void aProxyThatAnswersForTheBackendIsNoBackend() {
    assertThat(GrpcAnswers.read(503, null, null, null, NONE)).isInstanceOf(Answer.Later.class);
    assertThat(GrpcAnswers.read(404, null, null, null, NONE)).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void retryAfterIsSecondsOrADateAndBounded() {
    assertThat(HttpAnswers.retryAfter("7", NOW)).isEqualTo(Duration.ofSeconds(7));
    assertThat(HttpAnswers.retryAfter("Thu, 1 Jan 2026 00:00:09 GMT", NOW))
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(HttpAnswers.retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", NOW))
        .isEqualTo(Duration.ZERO);
    assertThat(HttpAnswers.retryAfter("999999999", NOW)).isEqualTo(Duration.ofHours(1));
    assertThat(HttpAnswers.retryAfter("soon", NOW)).isNull();
    assertThat(HttpAnswers.retryAfter(null, NOW)).isNull();
  }

  @Test
  void partialSuccessIsSuccess() {
    // Given
    byte[] body = new ExportResponse(4, "too old").toByteArray();
    // When, then
    assertThat(HttpAnswers.read(200, null, body, NOW)).isEqualTo(new Answer.Taken(4, "too old"));
    assertThat(GrpcAnswers.read(200, "0", null, null, body))
        .isEqualTo(new Answer.Taken(4, "too old"));
    assertThat(HttpAnswers.read(200, null, new byte[] {1, 2, 3}, NOW))
        .isEqualTo(new Answer.Taken(0, ""));
  }

  @Test
  void pausesGrowWithJitterAndNeverComeBeforeTheBackendWants() {
    // Given
    var initial = Duration.ofSeconds(1);
    var max = Duration.ofSeconds(30);
    // When, then
    assertThat(Backoff.pause(1, initial, max, null, 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(Backoff.pause(3, initial, max, null, 0.5)).isEqualTo(Duration.ofSeconds(3));
    assertThat(Backoff.pause(1000, initial, max, null, 0)).isEqualTo(Duration.ofSeconds(15));
    assertThat(Backoff.pause(1, initial, max, Duration.ofMinutes(2), 0))
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(Backoff.pause(60, Duration.ofDays(1), max, null, 0))
        .isEqualTo(Duration.ofSeconds(15));
  }
}
