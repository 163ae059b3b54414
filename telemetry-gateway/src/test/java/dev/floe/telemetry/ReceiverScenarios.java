package dev.floe.telemetry;

import static dev.floe.telemetry.GatewayClient.gzip;
import static dev.floe.telemetry.GatewayClient.post;
import static dev.floe.telemetry.GatewayClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.floe.telemetry.wire.RpcStatus;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who and what is turned away at the receivers, and in which words. */
abstract class ReceiverScenarios {
  private static final byte[] SPANS = Telemetry.spans("doors", 1).toByteArray();

  @SuppressWarnings("NullAway.Init") // the test resource sets it
  GatewayFixture gateway;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ManagedChannel channel;

  @BeforeEach
  void open() {
    channel = GatewayClient.channel(gateway);
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    GatewayClient.awaitNothingInFlight();
  }

  @Test
  void nobodySendsWithoutAToken() {
    // When
    var none = send(post(gateway, "/v1/traces", SPANS).setHeader("authorization", "Basic eDp5"));
    var wrong = send(post(gateway, "/v1/nothing", SPANS).setHeader("authorization", "Bearer no"));
    // Then
    for (var response : List.of(none, wrong)) {
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(response.headers().firstValue("content-type")).contains("application/x-protobuf");
      assertThat(RpcStatus.parse(response.body()).code()).isEqualTo(16);
    }
    assertThat(status(null).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(status("not-a-token-of-anyone").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aSendersTokenOpensNothingElse() {
    RestAssured.given()
        .header("Authorization", "Bearer " + GatewayFixture.SENDER_TOKEN)
        .get("/api/v1/telemetry/status")
        .then()
        .statusCode(401);
    RestAssured.given().get("/q/health/ready").then().statusCode(200);
  }

  @Test
  void saysWhatIsWrongWithBytesThatAreNotOtlp() {
    // When
    var response = send(post(gateway, "/v1/traces", new byte[] {10, 5, 1}));
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    var status = RpcStatus.parse(response.body());
    assertThat(status.code()).isEqualTo(3);
    assertThat(status.message()).contains("length 5 where 1 bytes are left");
  }

  @Test
  void saysSoWhereAnEncodingIsNotWhatItSays() {
    // When
    var response = send(post(gateway, "/v1/traces", SPANS).setHeader("content-encoding", "gzip"));
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(RpcStatus.parse(response.body()).message()).contains("not gzip");
  }

  @Test
  void refusesJsonInJson() {
    // When
    var response =
        send(
            post(gateway, "/v1/traces", "{}".getBytes(StandardCharsets.UTF_8))
                .setHeader("content-type", "application/json; charset=utf-8"));
    // Then
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .contains("\"code\":12", "application/x-protobuf");
  }

  @Test
  void refusesOtherEncodingsPathsAndMethods() {
    // When
    var zstd = send(post(gateway, "/v1/logs", SPANS).setHeader("content-encoding", "zstd"));
    var nowhere = send(post(gateway, "/v2/logs", SPANS));
    var get = send(post(gateway, "/v1/logs", SPANS).GET());
    // Then
    assertThat(zstd.statusCode()).isEqualTo(415);
    assertThat(zstd.headers().firstValue("accept-encoding")).contains("gzip, identity");
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).contains("POST");
  }

  @Test
  void refusesWhatIsTooLargeHoweverItComes() {
    // Given
    byte[] zeros = new byte[GatewayFixture.MAX_REQUEST * 40];
    byte[] large = new byte[GatewayFixture.MAX_REQUEST + 1];
    // When
    var announced = send(post(gateway, "/v1/traces", large));
    var chunked =
        send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + gateway.httpPort() + "/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .header("authorization", "Bearer " + GatewayFixture.SENDER_TOKEN)
                .POST(BodyPublishers.ofByteArrays(List.of(large))));
    var bomb = send(post(gateway, "/v1/traces", gzip(zeros)).setHeader("content-encoding", "gzip"));
    // Then
    for (var response : List.of(announced, chunked, bomb)) {
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(RpcStatus.parse(response.body()).message()).contains("at most 1048576 bytes");
    }
  }

  @Test
  void refusesMessagesThatAreTooLargeOverGrpc() {
    // Given
    var large = Telemetry.spans("too-large", 1, "x".repeat(GatewayFixture.MAX_REQUEST));
    // When
    var plain = failure(TraceServiceGrpc.newBlockingStub(channel), large);
    var packed = failure(TraceServiceGrpc.newBlockingStub(channel).withCompression("gzip"), large);
    // Then
    assertThat(plain.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(plain.getDescription()).contains("at most 1048576 bytes");
    assertThat(packed.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void answersUnknownMethodsAsGrpcDoes() {
    // Given
    var method =
        MethodDescriptor.<ExportTraceServiceRequest, ExportTraceServiceResponse>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Import")
            .setRequestMarshaller(
                ProtoUtils.marshaller(ExportTraceServiceRequest.getDefaultInstance()))
            .setResponseMarshaller(
                ProtoUtils.marshaller(ExportTraceServiceResponse.getDefaultInstance()))
            .build();
    // When
    var failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withCallCredentials(
                        GatewayClient.token(GatewayFixture.TOKEN)),
                    ExportTraceServiceRequest.getDefaultInstance()));
    // Then
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void namesTheRightPortToWhoKnocksAtTheRestApi() {
    // When
    var response =
        RestAssured.given()
            .header("Authorization", "Bearer " + GatewayFixture.SENDER_TOKEN)
            .contentType("application/x-protobuf")
            .body(SPANS)
            .post("/v1/traces")
            .then()
            .statusCode(404)
            .extract()
            .asByteArray();
    // Then
    assertThat(RpcStatus.parse(response).message())
        .contains(
            "send OTLP over HTTP to port %d, over gRPC to port %d"
                .formatted(gateway.httpPort(), gateway.grpcPort()));
    RestAssured.given().body(SPANS).post("/v1/traces").then().statusCode(401);
  }

  @Test
  void countsWhatItRefuses() {
    // Given
    long before = refused("malformed");
    // When
    send(post(gateway, "/v1/traces", new byte[] {1}));
    // Then
    assertThat(refused("malformed")).isEqualTo(before + 1);
  }

  private static long refused(String reason) {
    return GatewayClient.status().refusals().stream()
        .filter(refusal -> refusal.reason().equals(reason))
        .mapToLong(refusal -> refusal.requests())
        .sum();
  }

  private Status failure(
      TraceServiceGrpc.TraceServiceBlockingStub stub, ExportTraceServiceRequest request) {
    var token = GatewayClient.token(GatewayFixture.SENDER_TOKEN);
    return catchThrowableOfType(
            StatusRuntimeException.class, () -> stub.withCallCredentials(token).export(request))
        .getStatus();
  }

  private Status status(@Nullable String token) {
    var stub = TraceServiceGrpc.newBlockingStub(channel);
    var signed = token == null ? stub : stub.withCallCredentials(GatewayClient.token(token));
    return catchThrowableOfType(
            StatusRuntimeException.class,
            () -> signed.export(ExportTraceServiceRequest.getDefaultInstance()))
        .getStatus();
  }
}
