package dev.floe.telemetry.receive;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

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

  /** Memory for requests that are being received; further ones are asked to come back. */
  @WithDefault("64M")
  MemorySize maxInFlightBytes();

  /** How long a sender may take to send one request. */
  @WithDefault("PT60S")
  Duration bodyTimeout();

  /** When senders are asked to come back while a queue is full. */
  @WithDefault("PT2S")
  Duration retryAfter();
}
