package dev.floe.telemetry.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What naming the sender of a request costs: spliced, and the long way round. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SpliceBenchmark {
  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "floe.domain", "climate",
          "floe.product", "weather",
          "floe.run.id", "01993f0e-7a5b-7c1e-9d52-2d6a5b1d3c11",
          "floe.attempt", "1",
          "k8s.pod.name", "01993f0e-7a5b-7c1e-9d52-2d6a5b1d3c11-1-x7h2p");

  /** Spans of one request. */
  @Param({"10", "1000"})
  public int spans;

  private byte[] request;
  private AttributeEdits edits;

  @Setup
  public void prepare() {
    var random = new Random(1);
    var scope =
        ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("dlt"));
    for (int i = 0; i < spans; i++) {
      scope.addSpans(span(random, i));
    }
    request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(text("service.name", "ingestion"))
                            .addAttributes(text("telemetry.sdk.language", "python")))
                    .addScopeSpans(scope))
            .build()
            .toByteArray();
    var builder = AttributeEdits.builder();
    ATTRIBUTES.forEach((key, value) -> builder.ifAbsent(AttributeKey.of(key), value));
    edits = builder.build();
  }

  @Benchmark
  public byte[] splice() {
    var parsed = OtlpRequest.parse(Signal.TRACES, request);
    var splicer = new ResourceSplicer(request.length + 512);
    for (var group : parsed.groups()) {
      splicer.append(group, edits);
    }
    return splicer.toByteArray();
  }

  @Benchmark
  public int checkAndCount() {
    return OtlpRequest.parse(Signal.TRACES, request).items();
  }

  @Benchmark
  public byte[] decodeAndEncode() throws InvalidProtocolBufferException {
    var decoded = ExportTraceServiceRequest.parseFrom(request).toBuilder();
    for (var group : decoded.getResourceSpansBuilderList()) {
      ATTRIBUTES.forEach(
          (key, value) -> group.getResourceBuilder().addAttributes(text(key, value)));
    }
    return decoded.build().toByteArray();
  }

  private static Span span(Random random, int number) {
    byte[] trace = new byte[16];
    byte[] id = new byte[8];
    random.nextBytes(trace);
    random.nextBytes(id);
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(trace))
        .setSpanId(ByteString.copyFrom(id))
        .setParentSpanId(ByteString.copyFrom(id))
        .setName("load table " + number)
        .setKindValue(1)
        .setStartTimeUnixNano(1_760_000_000_000_000_000L + number)
        .setEndTimeUnixNano(1_760_000_000_100_000_000L + number)
        .addAttributes(text("db.system", "postgresql"))
        .addAttributes(text("db.statement", "insert into staging.observations values (…)"))
        .addAttributes(text("net.peer.name", "postgresql.floe.svc"))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("rows")
                .setValue(AnyValue.newBuilder().setIntValue(number)))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
