package dev.floe.telemetry.receive;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Where OTLP is taken, and how much of it. */
@ConfigMapping(prefix = "floe.telemetry.receive")
public interface ReceiveConfig {
  /** Address that both receivers listen on. */
  @WithDefault("${quarkus.http.host:127.0.0.1}")
  String host();

  /** Port of OTLP/gRPC; 0 for any free one. */
  @WithDefault("4317")
  int grpcPort();

  /** Port of OTLP/HTTP; 0 for any free one. */
  @WithDefault("4318")
  int httpPort();

  /**
   * File with tokens that senders of telemetry may use, one on a line. They open nothing else. The
   * tokens of {@code floe.auth.token-file} are taken too.
   */
  Optional<Path> tokenFile();

  /** Largest request, before and after decompression. */
  @WithDefault("16M")
  MemorySize maxRequestBytes();

  /**
   * Largest span, metric or log record; larger ones are rejected, the rest of their request is
   * taken.
   */
  @WithDefault("1M")
  MemorySize maxItemBytes();

  /**
   * Maximum number of resources in one request. A resource that is repeated within its group counts
   * each time. A request with more is refused (400, INVALID_ARGUMENT).
   */
  @WithDefault("10000")
  int maxResources();

  /**
   * Maximum number of spans, data points or log records in one request. A request with more is
   * refused.
   */
  @WithDefault("1000000")
  int maxItems();

  /**
   * Maximum number of protobuf fields in one request, nested and unknown fields included. A request
   * with more is refused.
   */
  @WithDefault("4000000")
  int maxFields();

  /**
   * Memory for all requests under way: the bytes that have arrived, their decompressed form, and
   * what is written for the queues. When it is used up, senders are asked to come back later.
   * Requests from one address take half of it at most, or three times the largest request where
   * that is more.
   */
  @WithDefault("64M")
  MemorySize maxInFlightBytes();

  /** How long a sender may take to send one request. */
  @WithDefault("PT60S")
  Duration bodyTimeout();

  /**
   * Number of threads that process compressed and large requests; one of them processes only
   * requests of up to 1 MB. By default the number of processors and one more.
   */
  OptionalInt workers();

  /**
   * Maximum number of requests that wait for a worker, a quarter of them from one address. Senders
   * of further requests are asked to come back later.
   */
  @WithDefault("1024")
  int maxWaiting();

  /**
   * How long a request may wait for a worker and be processed after it has arrived. Then its sender
   * is asked to come back later.
   */
  @WithDefault("PT3S")
  Duration workTimeout();

  /** When senders are asked to come back while a queue is full. */
  @WithDefault("PT2S")
  Duration retryAfter();
}
