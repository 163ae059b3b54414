package dev.floe.telemetry;

import dev.floe.test.OtlpBackend;

/**
 * What a gateway under test stands between.
 *
 * @param backend gets everything over OTLP/HTTP; required
 * @param archive gets traces over OTLP/gRPC, compressed; not required, with a small queue
 * @param grpcPort of the gateway
 * @param httpPort of the gateway
 */
public record GatewayFixture(OtlpBackend backend, OtlpBackend archive, int grpcPort, int httpPort) {
  /** Opens the REST API and the receivers. */
  public static final String TOKEN = "token-of-the-tests-0123456789";

  /** Opens the receivers alone. */
  public static final String SENDER_TOKEN = "token-of-senders-0123456789";

  /** Larger requests are refused. */
  public static final int MAX_REQUEST = 1024 * 1024;

  /** Larger items are refused. */
  public static final int MAX_ITEM = 64 * 1024;
}
