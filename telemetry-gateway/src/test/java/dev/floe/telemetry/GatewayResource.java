package dev.floe.telemetry;

import dev.floe.test.OtlpBackend;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two OTLP backends, tokens and free ports for a gateway under test. */
public final class GatewayResource implements QuarkusTestResourceLifecycleManager {
  private static final String DESTINATIONS = "floe.telemetry.export.destinations.";

  /** Argument of the resource: {@code none} for a gateway without destinations. */
  public static final String DESTINATIONS_ARGUMENT = "destinations";

  /** Argument of the resource: {@code default} for limits as they are without configuration. */
  public static final String LIMITS_ARGUMENT = "limits";

  private boolean withDestinations = true;
  private boolean withSmallLimits = true;
  private @Nullable GatewayFixture fixture;

  @Override
  public void init(Map<String, String> arguments) {
    withDestinations = !"none".equals(arguments.get(DESTINATIONS_ARGUMENT));
    withSmallLimits = !"default".equals(arguments.get(LIMITS_ARGUMENT));
  }

  @Override
  public Map<String, String> start() {
    var started = new GatewayFixture(OtlpBackend.start(), OtlpBackend.start(), free(), free());
    fixture = started;
    var config = new HashMap<String, String>();
    config.put("floe.auth.token-file", file(GatewayFixture.TOKEN));
    config.put("floe.telemetry.receive.token-file", file(GatewayFixture.SENDER_TOKEN));
    config.put("floe.telemetry.receive.grpc-port", Integer.toString(started.grpcPort()));
    config.put("floe.telemetry.receive.http-port", Integer.toString(started.httpPort()));
    if (withSmallLimits) {
      config.put("floe.telemetry.receive.max-request-bytes", "1M");
      config.put("floe.telemetry.receive.max-in-flight-bytes", "8M");
      config.put("floe.telemetry.receive.max-item-bytes", "64K");
    }
    if (withDestinations) {
      destinations(config, started);
    }
    return config;
  }

  private static void destinations(Map<String, String> config, GatewayFixture started) {
    destination(config, "backend", started.backend());
    config.put(DESTINATIONS + "backend.queue-bytes", "2M");
    config.put(DESTINATIONS + "backend.headers-file", file("x-tenant=floe"));
    destination(config, "archive", started.archive());
    config.put(DESTINATIONS + "archive.protocol", "grpc");
    config.put(DESTINATIONS + "archive.compression", "gzip");
    config.put(DESTINATIONS + "archive.signals", "traces");
    config.put(DESTINATIONS + "archive.required", "false");
    config.put(DESTINATIONS + "archive.queue-bytes", "512K");
  }

  private static void destination(Map<String, String> config, String name, OtlpBackend backend) {
    config.put(DESTINATIONS + name + ".endpoint", backend.endpoint());
    config.put(DESTINATIONS + name + ".batch-bytes", "256K");
    config.put(DESTINATIONS + name + ".batch-delay", "PT0.02S");
    config.put(DESTINATIONS + name + ".timeout", "PT5S");
    config.put(DESTINATIONS + name + ".retry.initial", "PT0.05S");
    config.put(DESTINATIONS + name + ".retry.max", "PT0.2S");
  }

  @Override
  public void inject(TestInjector injector) {
    if (fixture != null) {
      injector.injectIntoFields(fixture, new TestInjector.MatchesType(GatewayFixture.class));
    }
  }

  @Override
  public void stop() {
    if (fixture != null) {
      fixture.backend().close();
      fixture.archive().close();
    }
  }

  private static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(String text) {
    try {
      Path file = Files.createTempFile("floe-test", "");
      Files.writeString(file, text + "\n");
      file.toFile().deleteOnExit();
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
