package dev.floe.telemetry;

import static dev.floe.telemetry.GatewayClient.gzip;
import static dev.floe.telemetry.GatewayClient.post;
import static dev.floe.telemetry.GatewayClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.Bombs.Bomb;
import dev.floe.telemetry.wire.Signal;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What senders with a token can do to a gateway with default limits: every request is answered
 * within 5 s, others are answered within 1.5 s meanwhile, memory grows by less than 64 MB, and
 * nothing stays in flight.
 */
abstract class HostileScenarios {
  private static final Logger LOG = Logger.getLogger(HostileScenarios.class);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration OTHERS = Duration.ofMillis(1500);
  private static final long GROWTH = 64L * 1024 * 1024;
  private static final int SIZE = 15 * 1024 * 1024;
  private static final int FIELDS = 3_900_000;

  @SuppressWarnings("NullAway.Init") // the test resource sets it
  GatewayFixture gateway;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ManagedChannel channel;

  private long memoryBefore;

  /**
   * @return bytes of memory that the gateway uses, without garbage
   */
  abstract long memory();

  /** Requests of the same kinds, so that nothing is measured that happens only once. */
  @BeforeEach
  void open() {
    channel = GatewayClient.channel(gateway);
    for (var bomb : Bombs.all(SIZE / 15, FIELDS / 15)) {
      http(bomb, bomb.bytes(), false);
      grpc(bomb, true);
    }
    other();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    GatewayClient.awaitNothingInFlight();
  }

  @Test
  void everyBombIsAnsweredInTimeAndLeavesNothing() throws Exception {
    for (var bomb : bombs()) {
      byte[] packed = gzip(bomb.bytes());
      assertHarmless(bomb + ", HTTP", bomb, List.of(() -> http(bomb, bomb.bytes(), false)));
      assertHarmless(bomb + ", HTTP, gzip", bomb, List.of(() -> http(bomb, packed, true)));
      assertHarmless(bomb + ", gRPC", bomb, List.of(() -> grpc(bomb, false)));
      assertHarmless(bomb + ", gRPC, gzip", bomb, List.of(() -> grpc(bomb, true)));
    }
  }

  @Test
  void manyBombsAtOnceDelayNobodyElse() throws Exception {
    for (var bomb : bombs()) {
      // Given
      byte[] packed = gzip(bomb.bytes());
      var attacks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 16; i++) {
        attacks.add(() -> http(bomb, packed, true));
      }
      // When, then: some find no room and are told to come back
      assertHarmless("16 of " + bomb, null, attacks);
    }
  }

  /** Prepares all bombs, and only then looks at the memory: they may lie in the same process. */
  private List<Bomb> bombs() {
    var bombs = Bombs.all(SIZE, FIELDS);
    GatewayClient.awaitNothingInFlight();
    memoryBefore = memory();
    return bombs;
  }

  private void assertHarmless(String what, @Nullable Bomb bomb, List<Callable<Integer>> attacks)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    Duration slowest = Duration.ZERO;
    Duration others = Duration.ZERO;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          attacks.stream()
              .map(attack ->
                  executor.submit(() -> {
                    int status = attack.call();
                    return new Answer(status, Duration.ofNanos(System.nanoTime() - began));
                  }))
              .toList();
      // Others send at least once, and for as long as the attack lasts.
      do {
        others = max(others, other());
      } while (answers.stream().anyMatch(answer -> !answer.isDone()));
      for (var answer : answers) {
        slowest = max(slowest, answer.get().took());
        if (bomb == null) {
          assertThat(answer.get().status()).as(what).isIn(200, 400, 503);
        } else {
          assertThat(answer.get().status()).as(what).isEqualTo(bomb.refused() ? 400 : 200);
        }
      }
    }
    GatewayClient.awaitNothingInFlight();
    // Against the memory before all attacks: what each leaves would add up.
    long growth = memory() - memoryBefore;
    LOG.infof(
        "%s: answered in %d ms, others in %d ms, memory %+d kB",
        what, slowest.toMillis(), others.toMillis(), growth / 1024);
    assertThat(slowest).as("answer to " + what).isLessThan(ANSWER);
    assertThat(others).as("answers to others during " + what).isLessThan(OTHERS);
    assertThat(growth).as("memory after " + what).isLessThan(GROWTH);
  }

  private record Answer(int status, Duration took) {}

  /** Sends little, plain and compressed, over both protocols. */
  private Duration other() {
    byte[] spans = Telemetry.spans("others", 20).toByteArray();
    var slowest =
        timed(
            () -> assertThat(send(post(gateway, "/v1/traces", spans)).statusCode()).isEqualTo(200));
    var packed = post(gateway, "/v1/traces", gzip(spans)).setHeader("content-encoding", "gzip");
    slowest = max(slowest, timed(() -> assertThat(send(packed).statusCode()).isEqualTo(200)));
    var stub =
        TraceServiceGrpc.newBlockingStub(channel)
            .withCallCredentials(GatewayClient.token(GatewayFixture.SENDER_TOKEN));
    return max(slowest, timed(() -> stub.export(Telemetry.spans("others", 20))));
  }

  private static Duration timed(Runnable call) {
    long began = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static Duration max(Duration one, Duration two) {
    return one.compareTo(two) > 0 ? one : two;
  }

  private int http(Bomb bomb, byte[] body, boolean packed) {
    var request = post(gateway, bomb.signal().httpPath(), body);
    return send(packed ? request.setHeader("content-encoding", "gzip") : request).statusCode();
  }

  /** Sends a bomb over gRPC; the status in terms of HTTP. */
  private int grpc(Bomb bomb, boolean packed) {
    var own = GatewayClient.channel(gateway);
    var options =
        CallOptions.DEFAULT
            .withCallCredentials(GatewayClient.token(GatewayFixture.SENDER_TOKEN))
            .withDeadlineAfter(60, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingUnaryCall(
          own,
          method(bomb.signal()),
          packed ? options.withCompression("gzip") : options,
          bomb.bytes());
      return 200;
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case INVALID_ARGUMENT -> 400;
        case UNAVAILABLE -> 503;
        default -> throw new AssertionError(Status.fromThrowable(e).toString(), e);
      };
    } finally {
      own.shutdownNow();
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(Signal signal) {
    var bytes =
        new MethodDescriptor.Marshaller<byte[]>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            var out = new ByteArrayOutputStream();
            try {
              stream.transferTo(out);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return out.toByteArray();
          }
        };
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(signal.grpcPath().substring(1))
        .setRequestMarshaller(bytes)
        .setResponseMarshaller(bytes)
        .build();
  }
}
