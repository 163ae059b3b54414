package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.Signal;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where telemetry is delivered. */
@ConfigMapping(prefix = "floe.telemetry.export")
public interface ExportConfig {
  /**
   * Backends by name. Without any, telemetry is accepted, counted as dropped and not kept.
   *
   * @return any number of them
   */
  Map<String, Destination> destinations();

  /** How long a stop waits for the queues to empty; what is left then is dropped and counted. */
  @WithDefault("PT10S")
  Duration drain();

  /** One OTLP backend. */
  interface Destination {
    /**
     * Base URL, {@code https://host:port[/path]}; {@code http} for plain text. OTLP/HTTP appends
     * {@code /v1/traces} and so on.
     */
    URI endpoint();

    /** How it is spoken to: {@code http/protobuf} or {@code grpc}. */
    @WithDefault("http/protobuf")
    String protocol();

    /** Headers of every request that are no secrets. */
    Map<String, String> headers();

    /**
     * File with further headers, secret ones among them, {@code name=value} on each line, in UTF-8;
     * {@code #} begins a comment line. A comma begins another header where {@code name=} follows
     * it. Values are taken as they stand, without decoding {@code %20}. Read again when it changes.
     */
    Optional<Path> headersFile();

    /** Whether secret headers may go over plain text to another machine. */
    @WithDefault("false")
    boolean plaintext();

    /**
     * Certificate authorities in PEM that the backend's certificate may come from; default: the
     * system's.
     */
    Optional<Path> caFile();

    /** {@code none} or {@code gzip}. */
    @WithDefault("none")
    Compression compression();

    /** Which signals it gets. */
    @WithDefault("traces,metrics,logs")
    Set<Signal> signals();

    /**
     * Whether senders are asked to come back later (503, UNAVAILABLE) while its queue is full.
     * Items for a destination that is not required are dropped and counted then.
     */
    @WithDefault("true")
    boolean required();

    /** What may wait for it in memory, requests under way included. */
    @WithDefault("32M")
    MemorySize queueBytes();

    /** Size of a request before compression; backends commonly take up to 4 MiB. */
    @WithDefault("1M")
    MemorySize batchBytes();

    /** How long items wait for a batch to fill. */
    @WithDefault("PT0.2S")
    Duration batchDelay();

    /** How long one request may take. */
    @WithDefault("PT10S")
    Duration timeout();

    /** Requests under way at once, for each signal. */
    @WithDefault("2")
    int connections();

    /** When a request is sent again. */
    Retry retry();
  }

  /**
   * When a request that failed is sent again; a backend's own word ({@code Retry-After}) goes
   * before.
   */
  interface Retry {
    /** Pause before the second try; doubled for each further one. */
    @WithDefault("PT1S")
    Duration initial();

    /** Longest pause. */
    @WithDefault("PT30S")
    Duration max();

    /**
     * How long a request is tried before its items are dropped and counted, however long a wait the
     * backend asks for.
     */
    @WithDefault("PT15M")
    Duration giveUpAfter();
  }

  /** How requests are compressed. */
  enum Compression {
    NONE,
    GZIP
  }
}
