package dev.floe.telemetry.receive;

import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.wire.ExportResponse;
import dev.floe.telemetry.wire.Signal;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Real receivers on real ports, with a sink of the test behind them and no application around. */
final class ReceiversUnderTest implements AutoCloseable {
  static final String TOKEN = "token-of-senders-0123456789";

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final TestSink sink = new TestSink();
  final InFlight inFlight;
  final OtlpReceivers receivers;

  ReceiversUnderTest(Map<String, String> properties) {
    var all = new HashMap<String, String>();
    all.put("grpc-port", "0");
    all.put("http-port", "0");
    all.putAll(properties);
    var named = new HashMap<String, String>();
    all.forEach((key, value) -> named.put("floe.telemetry.receive." + key, value));
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .addDefaultInterceptors()
            .withMapping(ReceiveConfig.class)
            .withSources(new PropertiesConfigSource(named, "test", 100))
            .build()
            .getConfigMapping(ReceiveConfig.class);
    inFlight = new InFlight(config);
    receivers =
        new OtlpReceivers(config, new SenderTokens(TOKEN::equals, null), sink, vertx, inFlight);
    receivers.start();
  }

  @Override
  public void close() {
    try {
      receivers.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Takes everything, or does what the test says. */
  static final class TestSink implements RequestSink {
    final List<byte[]> taken = new CopyOnWriteArrayList<>();
    final List<RefusalReason> refused = new CopyOnWriteArrayList<>();
    volatile Supplier<CompletionStage<Acceptance>> answer = TestSink::taken;

    @Override
    public CompletionStage<Acceptance> accept(
        Signal signal,
        byte[] bytes,
        Origin origin,
        Reservation reservation,
        BooleanSupplier overdue) {
      taken.add(bytes);
      return answer.get();
    }

    @Override
    public Acceptance refuse(Refusal refusal) {
      refused.add(refusal.reason());
      return new Acceptance.Refused(refusal);
    }

    @Override
    public void open() {}

    @Override
    public void close() {}

    private static CompletionStage<Acceptance> taken() {
      return CompletableFuture.completedFuture(new Acceptance.Accepted(ExportResponse.COMPLETE));
    }
  }
}
