package dev.floe.telemetry.receive;

import static dev.floe.telemetry.receive.ReceiversUnderTest.TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.GrpcStatus;
import dev.floe.telemetry.wire.RpcStatus;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a request ends, over HTTP/1, HTTP/2 or gRPC, everything that it held is given back: after
 * each test nothing is in flight.
 */
class OtlpReceiversTest {
  private static final int MEGABYTE = 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final byte[] SMALL = new byte[100];
  private static final Map<HttpClientRequest, CompletableFuture<Told>> TELLINGS =
      new ConcurrentHashMap<>();

  /** How a sender speaks. */
  enum Speech {
    HTTP1,
    HTTP2,
    GRPC
  }

  /** What a sender is told. */
  private record Told(int status, MultiMap headers, Buffer body) {
    String message() {
      var grpc = headers.get("grpc-message");
      return grpc == null ? RpcStatus.parse(body.getBytes()).message() : GrpcStatus.decode(grpc);
    }
  }

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ReceiversUnderTest patient;

  @SuppressWarnings("NullAway.Init") // set before each test
  private static ReceiversUnderTest under;

  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpClient http1;

  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpClient http2;

  @BeforeAll
  static void start() {
    patient = receivers("PT60S");
  }

  private static ReceiversUnderTest receivers(String bodyTimeout) {
    return new ReceiversUnderTest(
        Map.of(
            "body-timeout", bodyTimeout, "max-request-bytes", "16M", "max-in-flight-bytes", "48M"));
  }

  @AfterAll
  static void stop() {
    patient.close();
  }

  @BeforeEach
  void open() {
    under = patient;
    TELLINGS.clear();
    http1 = under.vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(50));
    http2 =
        under.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    under.sink.answer =
        () -> CompletableFuture.completedFuture(new Acceptance.Accepted(ExportResponse.COMPLETE));
    under.sink.refused.clear();
    under.sink.taken.clear();
  }

  @AfterEach
  void everythingIsGivenBack() {
    http1.close();
    http2.close();
    await()
        .pollInterval(POLL)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(under.inFlight.held()).isZero());
  }

  @ParameterizedTest
  @EnumSource
  void aWholeRequestIsTaken(Speech speech) {
    // When
    var request = begin(speech, SMALL.length);
    end(request, message(speech, SMALL));
    // Then
    accepted(speech, told(request));
    assertThat(under.sink.taken).containsExactly(SMALL);
  }

  @ParameterizedTest
  @EnumSource
  void aStalledUploadIsToldToComeBackAndGivesEverythingBack(Speech speech) {
    try (var hasty = receivers("PT1S")) {
      under = hasty;
      stallsAndIsToldToComeBack(speech);
      awaitNothingHeld();
    } finally {
      under = patient;
    }
  }

  private void stallsAndIsToldToComeBack(Speech speech) {
    // Given
    var request = begin(speech, MEGABYTE);
    request.write(message(speech, new byte[MEGABYTE]).slice(0, MEGABYTE / 2));
    awaitHeldAtLeast(MEGABYTE / 2);
    // When: nothing more comes
    var told = told(request);
    // Then
    assertThat(told.message()).contains("did not arrive within 1000 ms");
    if (speech == Speech.GRPC) {
      assertThat(told.headers().get("grpc-status")).isEqualTo("14");
    } else {
      assertThat(told.status()).isEqualTo(503);
      assertThat(told.headers().get("retry-after")).isEqualTo("2");
    }
    assertThat(under.sink.refused).containsExactly(RefusalReason.TIMED_OUT);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP2", "GRPC"})
  void aResetUploadGivesEverythingBack(Speech speech) {
    // Given
    var request = begin(speech, MEGABYTE);
    request.write(message(speech, new byte[MEGABYTE]).slice(0, MEGABYTE / 2));
    awaitHeldAtLeast(MEGABYTE / 2);
    // When
    request.reset(8);
    // Then
    awaitNothingHeld();
  }

  @ParameterizedTest
  @EnumSource
  void anAbandonedUploadGivesEverythingBack(Speech speech) {
    // Given
    var request = begin(speech, MEGABYTE);
    request.write(message(speech, new byte[MEGABYTE]).slice(0, MEGABYTE / 2));
    awaitHeldAtLeast(MEGABYTE / 2);
    // When
    request.connection().close();
    // Then
    awaitNothingHeld();
  }

  @ParameterizedTest
  @EnumSource
  void aSenderThatLeavesWhileItsRequestIsWorkedOnGivesEverythingBack(Speech speech) {
    // Given
    var work = new CompletableFuture<Acceptance>();
    under.sink.answer = () -> work;
    var request = begin(speech, MEGABYTE);
    end(request, message(speech, new byte[MEGABYTE]));
    await().pollInterval(POLL).atMost(PATIENCE).until(() -> under.sink.taken.size() == 1);
    // When
    request.connection().close();
    // Then: what is worked on stays counted until it is done
    assertThat(under.inFlight.held()).isGreaterThanOrEqualTo(MEGABYTE);
    work.complete(new Acceptance.Accepted(ExportResponse.COMPLETE));
    awaitNothingHeld();
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatHasArrivedIsCounted(Speech speech) {
    // Given: twenty senders announce 16 MB each and send a little, so that all would not fit
    var slow = new ArrayList<HttpClientRequest>();
    for (int i = 0; i < 20; i++) {
      var request = begin(speech, 15 * MEGABYTE);
      request.write(message(speech, new byte[15 * MEGABYTE]).slice(0, 10));
      slow.add(request);
    }
    awaitHeldAtLeast(20 * 10);
    // When
    var other = begin(speech, MEGABYTE);
    end(other, message(speech, new byte[MEGABYTE]));
    // Then
    accepted(speech, told(other));
    slow.forEach(request -> request.connection().close());
  }

  @ParameterizedTest
  @EnumSource
  void aStrangerCannotUploadForEver(Speech speech) {
    // Given
    var request = begin(speech, 100 * MEGABYTE, "Bearer wrong");
    // When: it continues sending, whatever it is told
    var ended = new CompletableFuture<Void>();
    request.exceptionHandler(failure -> ended.complete(null));
    request.connection().closeHandler(closed -> ended.complete(null));
    var told = telling(request);
    under.vertx.setPeriodic(
        50,
        timer -> {
          if (ended.isDone()) {
            under.vertx.cancelTimer(timer);
          } else {
            request.write(Buffer.buffer(new byte[1000]));
          }
        });
    // Then
    var answer = joined(told);
    if (speech == Speech.GRPC) {
      assertThat(answer.headers().get("grpc-status")).isEqualTo("16");
    } else {
      assertThat(answer.status()).isEqualTo(401);
    }
    assertThat(under.inFlight.held()).isZero();
    joined(ended);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedUploadKeepsNothingWhileItGoesOn(Speech speech) {
    // Given: more than 16 MB, unannounced where that can be
    var request = begin(speech, -1);
    var told = telling(request);
    // When
    var first =
        speech == Speech.GRPC
            ? message(speech, new byte[17 * MEGABYTE]).slice(0, MEGABYTE)
            : Buffer.buffer(new byte[17 * MEGABYTE]);
    request.write(first);
    // Then
    var answer = joined(told);
    assertThat(answer.message()).contains("at most 16777216 bytes");
    awaitNothingHeld();
  }

  @ParameterizedTest
  @EnumSource
  void anErrorWhileWorkingIsAnsweredAndGivesEverythingBack(Speech speech) {
    for (int size : new int[] {SMALL.length, MEGABYTE}) {
      // Given
      under.sink.answer =
          () -> {
            throw new StackOverflowError("of the test");
          };
      // When
      var request = begin(speech, size);
      end(request, message(speech, new byte[size]));
      var told = told(request);
      // Then
      assertThat(told.message()).contains("the gateway failed");
      if (speech == Speech.GRPC) {
        assertThat(told.headers().get("grpc-status")).isEqualTo("13");
      } else {
        assertThat(told.status()).isEqualTo(500);
      }
      awaitNothingHeld();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageThatFailsIsAnsweredAndGivesEverythingBack(Speech speech) {
    // Given
    under.sink.answer = () -> CompletableFuture.failedFuture(new OutOfMemoryError("of the test"));
    // When
    var request = begin(speech, MEGABYTE);
    end(request, message(speech, new byte[MEGABYTE]));
    // Then
    assertThat(told(request).message()).contains("the gateway failed");
  }

  @Test
  void aConnectionGoesOnAfterAnAnswer() throws IOException {
    try (var socket = connect()) {
      for (int i = 0; i < 2; i++) {
        // When
        socket.getOutputStream().write(post("Content-Length: 2\r\n", "x\n"));
        // Then
        assertThat(line(socket)).startsWith("HTTP/1.1 200");
        skipAnswer(socket);
      }
    }
  }

  @Test
  void aConnectionIsClosedAfterARequestWithTwoLengths() throws IOException {
    try (var socket = connect()) {
      // When: what a proxy that believes the first length takes for a second request
      socket
          .getOutputStream()
          .write(
              post(
                  "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                  "0\r\n\r\n" + new String(post("Content-Length: 0\r\n", ""), ISO_8859_1)));
      // Then: the second one is not answered
      var all = rest(socket);
      assertThat(all.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(all).containsIgnoringCase("connection: close");
    }
  }

  @Test
  void portsThatAreFreeAreTwoPorts() {
    assertThat(under.receivers.grpcPort()).isPositive().isNotEqualTo(under.receivers.httpPort());
  }

  @Test
  void gzipIsNeverWorkedOnByTheEventLoop() {
    // Given
    var threads = new ArrayList<String>();
    under.sink.answer =
        () -> {
          threads.add(Thread.currentThread().getName());
          return CompletableFuture.completedFuture(
              new Acceptance.Accepted(ExportResponse.COMPLETE));
        };
    // When
    byte[] packed = Gzip.of(SMALL);
    var request = joined(http1.request(to(Speech.HTTP1)).toCompletionStage().toCompletableFuture());
    request.putHeader("content-encoding", "x-gzip");
    end(request, Buffer.buffer(packed));
    accepted(Speech.HTTP1, told(request));
    // Then
    assertThat(threads).singleElement().asString().startsWith("otlp-worker-");
  }

  @Test
  void aBodyThatBecomesMoreThanItSaysIsTaken() {
    // Given: members of gzip, of which the last says little
    byte[] bytes = new byte[3 * MEGABYTE];
    var packed = Buffer.buffer(Gzip.of(bytes)).appendBytes(Gzip.of(new byte[10]));
    // When
    var request = joined(http1.request(to(Speech.HTTP1)).toCompletionStage().toCompletableFuture());
    request.putHeader("content-encoding", "gzip");
    end(request, packed);
    // Then
    accepted(Speech.HTTP1, told(request));
    assertThat(under.sink.taken.getFirst()).hasSize(3 * MEGABYTE + 10);
  }

  @Test
  void whatSendersWriteDifferentlyIsTakenAsWell() {
    for (var path : List.of("//v1/traces", "/v1/traces/", "///v1/traces//")) {
      var options = to(Speech.HTTP1).setURI(path);
      options.putHeader("content-type", "application/protobuf");
      var request = joined(http1.request(options).toCompletionStage().toCompletableFuture());
      end(request, Buffer.buffer(SMALL));
      var told = told(request);
      assertThat(told.status()).isEqualTo(200);
      assertThat(told.headers().get("content-type")).isEqualTo("application/protobuf");
    }
  }

  @Test
  void whoKnocksAtTheWrongPortIsToldTheRightOne() {
    // When: OTLP/HTTP to the port of gRPC
    var http =
        joined(
            http1
                .request(to(Speech.HTTP1).setPort(under.receivers.grpcPort()))
                .toCompletionStage()
                .toCompletableFuture());
    end(http, Buffer.buffer(SMALL));
    var http2Told = told(http);
    // Then
    assertThat(http2Told.status()).isEqualTo(415);
    assertThat(http2Told.body().toString())
        .contains("send OTLP over HTTP to port " + under.receivers.httpPort());
    // When: OTLP/gRPC to the port of HTTP
    var grpc =
        joined(
            http2
                .request(to(Speech.GRPC).setPort(under.receivers.httpPort()))
                .toCompletionStage()
                .toCompletableFuture());
    end(grpc, message(Speech.GRPC, SMALL));
    var grpcTold = told(grpc);
    // Then
    assertThat(grpcTold.headers().get("grpc-status")).isEqualTo("12");
    assertThat(grpcTold.message())
        .contains("send OTLP over gRPC to port " + under.receivers.grpcPort());
  }

  private HttpClientRequest begin(Speech speech, int length) {
    return begin(speech, length, "Bearer " + TOKEN);
  }

  /** Begins a request of so many bytes, of unknown length where that is negative. */
  private HttpClientRequest begin(Speech speech, int length, String authorization) {
    var client = speech == Speech.HTTP1 ? http1 : http2;
    var options = to(speech).putHeader("authorization", authorization);
    if (speech != Speech.GRPC && length >= 0) {
      options.putHeader("content-length", Integer.toString(length));
    }
    var request = joined(client.request(options).toCompletionStage().toCompletableFuture());
    if (speech == Speech.GRPC || length < 0) {
      request.setChunked(true);
    }
    request.exceptionHandler(failure -> {});
    return request;
  }

  private static RequestOptions to(Speech speech) {
    boolean grpc = speech == Speech.GRPC;
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost("127.0.0.1")
        .setPort(grpc ? under.receivers.grpcPort() : under.receivers.httpPort())
        .setURI(grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces")
        .putHeader("authorization", "Bearer " + TOKEN)
        .putHeader("content-type", grpc ? "application/grpc" : "application/x-protobuf");
  }

  private static Buffer message(Speech speech, byte[] bytes) {
    var message = Buffer.buffer(bytes.length + 5);
    if (speech == Speech.GRPC) {
      message.appendByte((byte) 0).appendInt(bytes.length);
    }
    return message.appendBytes(bytes);
  }

  private static Told told(HttpClientRequest request) {
    return joined(telling(request));
  }

  /** Listens before the request ends: an answer that comes earlier would be missed. */
  private static void end(HttpClientRequest request, Buffer body) {
    var _ = telling(request);
    request.end(body);
  }

  private static CompletableFuture<Told> telling(HttpClientRequest request) {
    return TELLINGS.computeIfAbsent(
        request,
        sent ->
            sent.response()
                .compose(OtlpReceiversTest::told)
                .toCompletionStage()
                .toCompletableFuture());
  }

  private static Future<Told> told(HttpClientResponse response) {
    return response
        .body()
        .map(body -> {
          var headers =
              MultiMap.caseInsensitiveMultiMap()
                  .addAll(response.headers())
                  .addAll(response.trailers());
          return new Told(response.statusCode(), headers, body);
        });
  }

  private static void accepted(Speech speech, Told told) {
    assertThat(told.status()).isEqualTo(200);
    if (speech == Speech.GRPC) {
      assertThat(told.headers().get("grpc-status")).isEqualTo("0");
    }
  }

  private static void awaitHeldAtLeast(long bytes) {
    await()
        .pollInterval(POLL)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(under.inFlight.held()).isGreaterThanOrEqualTo(bytes));
  }

  private static void awaitNothingHeld() {
    await()
        .pollInterval(POLL)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(under.inFlight.held()).isZero());
  }

  private static <T> T joined(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), under.receivers.httpPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static byte[] post(String lengths, String body) {
    return ("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\nContent-Type: application/x-protobuf\r\n"
            + lengths
            + "\r\n"
            + body)
        .getBytes(ISO_8859_1);
  }

  private static String line(Socket socket) throws IOException {
    var line = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next >= 0 && next != '\n';
        next = socket.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /** Reads to the end of a head; the answer has no body. */
  private static void skipAnswer(Socket socket) throws IOException {
    while (!line(socket).isEmpty()) {
      // nobody asks
    }
  }

  private static String rest(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException closed) {
      return "";
    }
  }
}
