package dev.floe.telemetry.wire;

import java.util.Locale;

/** A signal of OTLP: what its items are, and where it is sent. */
public enum Signal {
  TRACES("trace", "TraceService", OtlpShapes.group("Spans", OtlpShapes.SPAN)),
  METRICS("metrics", "MetricsService", OtlpShapes.group("Metrics", OtlpShapes.METRIC)),
  LOGS("logs", "LogsService", OtlpShapes.group("Logs", OtlpShapes.LOG_RECORD));

  private final String httpPath;
  private final String grpcPath;

  @SuppressWarnings("ImmutableEnumChecker") // shapes are only built while their class loads
  private final MessageShape group;

  Signal(String protoPackage, String service, MessageShape group) {
    this.httpPath = "/v1/" + label();
    this.grpcPath = "/opentelemetry.proto.collector." + protoPackage + ".v1." + service + "/Export";
    this.group = group;
  }

  /**
   * @return the name as it stands in configuration, status and metrics: {@code traces}, {@code
   *     metrics}, {@code logs}
   */
  public final String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @return the path of the signal under OTLP/HTTP
   */
  public String httpPath() {
    return httpPath;
  }

  /**
   * @return the full method name of the signal under OTLP/gRPC, with a leading slash
   */
  public String grpcPath() {
    return grpcPath;
  }

  MessageShape group() {
    return group;
  }
}
