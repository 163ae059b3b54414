package dev.floe.telemetry.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.GrpcStatus;
import dev.floe.telemetry.wire.RpcStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    assertThat(read(status, null, NONE)).isEqualTo(new Answer.Later(null, "HTTP " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 408, 413, 500, 501})
  void allOthersAreNot(int status) {
    assertThat(read(status, "5", NONE)).isInstanceOf(Answer.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 10, 11, 14, 15})
  void theseCodesAreSentAgain(int code) {
    assertThat(GrpcAnswers.read(200, null, Integer.toString(code), "why%21", null, NONE))
        .isEqualTo(new Answer.Later(null, "gRPC " + GrpcStatus.name(code) + ": why!"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 9, 12, 13, 16, 99})
  void allOtherCodesAreNot(int code) {
    assertThat(GrpcAnswers.read(200, null, Integer.toString(code), null, null, NONE))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void exhaustedResourcesComeBackOnlyWhereTheBackendSaysWhen() {
    // Given
    var status = new RpcStatus(8, "slow down", Duration.ofSeconds(3)).toByteArray();
    var details = Base64.getEncoder().withoutPadding().encodeToString(status);
    // When, then
    assertThat(GrpcAnswers.read(200, null, "8", null, null, NONE))
        .isEqualTo(new Answer.Refused(true, "gRPC RESOURCE_EXHAUSTED"));
    assertThat(GrpcAnswers.read(200, null, "8", null, details, NONE))
        .isEqualTo(new Answer.Later(Duration.ofSeconds(3), "gRPC RESOURCE_EXHAUSTED"));
  }

  @Test
  void aProxyThatAnswersForTheBackendIsNoBackend() {
    assertThat(GrpcAnswers.read(503, null, null, null, null, NONE))
        .isInstanceOf(Answer.Later.class);
    assertThat(GrpcAnswers.read(404, null, null, null, null, NONE))
        .isInstanceOf(Answer.Refused.class);
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
    assertThat(read(200, null, body)).isEqualTo(new Answer.Taken(4, "too old"));
    assertThat(GrpcAnswers.read(200, null, "0", null, null, body))
        .isEqualTo(new Answer.Taken(4, "too old"));
    assertThat(read(200, null, new byte[] {1, 2, 3})).isEqualTo(new Answer.Taken(0, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreNamedAndNotFollowed(int status) {
    // Given
    var location = "https://user:pw@login.example.com:8443/otlp?token=s3cret#x";
    var head = new HttpAnswers.Head(status, null, null, location);
    // When
    var answers =
        List.of(
            HttpAnswers.read(head, NONE, NOW),
            GrpcAnswers.read(status, location, null, null, null, NONE));
    // Then
    assertThat(answers)
        .allSatisfy(answer ->
            assertThat(((Answer.Later) answer).why())
                .contains("HTTP " + status, "https://login.example.com:8443/otlp", "the endpoint")
                .doesNotContain("s3cret", "pw"));
    assertThat(HttpAnswers.redirect(302, null)).contains("does not name");
    assertThat(HttpAnswers.redirect(302, "/login")).contains("a redirect to /login,");
    assertThat(HttpAnswers.redirect(302, "http://[bad")).contains("not valid");
  }

  @Test
  void aPageForPeopleIsNoAnswer() {
    // Given
    var page = new HttpAnswers.Head(200, "text/html; charset=utf-8", null, null);
    // When, then
    assertThat(HttpAnswers.read(page, "<html>".getBytes(UTF_8), NOW))
        .isInstanceOfSatisfying(
            Answer.Later.class,
            later -> assertThat(later.why()).contains("text/html", "check the endpoint"));
    var json = new HttpAnswers.Head(200, "application/json", null, null);
    assertThat(HttpAnswers.read(json, "{}".getBytes(UTF_8), NOW))
        .isEqualTo(new Answer.Taken(0, ""));
    assertThat(HttpAnswers.read(new HttpAnswers.Head(204, null, null, null), NONE, NOW))
        .isEqualTo(new Answer.Taken(0, ""));
  }

  @Test
  void whatABackendSaysIsOneBoundedLine() {
    // Given
    byte[] body = new ExportResponse(0, "first\nsecond" + "x".repeat(1000)).toByteArray();
    // When, then
    assertThat(read(200, null, body))
        .isInstanceOfSatisfying(
            Answer.Taken.class,
            taken -> assertThat(taken.message()).startsWith("first second").hasSizeLessThan(302));
  }

  @Test
  void pausesGrowWithJitterAndNeverComeBeforeTheBackendWants() {
    // Given
    var initial = Duration.ofSeconds(1);
    var max = Duration.ofSeconds(30);
    var left = Duration.ofHours(1);
    // When, then
    assertThat(Backoff.pause(1, initial, max, null, left, 0)).isEqualTo(again(500));
    assertThat(Backoff.pause(3, initial, max, null, left, 0.5)).isEqualTo(again(3_000));
    assertThat(Backoff.pause(1000, initial, max, null, left, 0)).isEqualTo(again(15_000));
    assertThat(Backoff.pause(1, initial, max, Duration.ofMinutes(2), left, 0))
        .isEqualTo(again(120_000));
    assertThat(Backoff.pause(60, Duration.ofDays(1), max, null, left, 0)).isEqualTo(again(15_000));
  }

  @Test
  void noPauseIsLongerThanWhatIsLeft() {
    // Given
    var second = Duration.ofSeconds(1);
    // When, then: the backend asks for more than there is, so nothing is sent again
    assertThat(Backoff.pause(1, second, second, Duration.ofDays(365), Duration.ofSeconds(20), 0))
        .isEqualTo(new Backoff.Pause(Duration.ofSeconds(20), false));
    assertThat(Backoff.pause(1, second, second, Duration.ofSeconds(20), Duration.ofSeconds(20), 0))
        .isEqualTo(again(20_000));
    assertThat(Backoff.pause(1, second, second, null, Duration.ofMillis(7), 0)).isEqualTo(again(7));
  }

  private static Backoff.Pause again(long millis) {
    return new Backoff.Pause(Duration.ofMillis(millis), true);
  }

  private static Answer read(int status, @Nullable String retryAfter, byte[] body) {
    return HttpAnswers.read(
        new HttpAnswers.Head(status, "application/x-protobuf", retryAfter, null), body, NOW);
  }
}
