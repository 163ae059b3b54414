package dev.floe.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.floe.local.home.FloeHome;
import dev.floe.local.image.ImageDefinition;
import dev.floe.local.image.LocalImages;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What job-launcher finds around it: a home with one local image, and a platform-manager that
 * answers for bindings. Platform {@code weather} is ready; {@code slow-…} becomes so at the fourth
 * question; {@code never} never does; any other is unknown.
 */
public final class LauncherSurroundings implements QuarkusTestResourceLifecycleManager {
  public static final String IMAGE = "floe.local/test:1";
  private static final int SLOW = 3;

  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private @Nullable HttpServer platformManager;

  @Override
  public Map<String, String> start() {
    try {
      var folder = Files.createTempDirectory("launcher");
      var home =
          Files.createDirectory(
              folder.resolve("home"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      var source = Files.createDirectory(folder.resolve("product"));
      Files.writeString(source.resolve("note.txt"), "of the image\n");
      LocalImages.at(FloeHome.at(home))
          .add(new ImageDefinition(IMAGE, source, Optional.empty(), List.of()));
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      platformManager = server;
      server.createContext("/api/v1/platforms/", this::answer);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return Map.of(
          "floe.runtime",
          "local",
          "floe.home",
          home.toString(),
          "quarkus.rest-client.platform-manager.url",
          "http://127.0.0.1:" + server.getAddress().getPort(),
          "floe.launcher.binding.fresh-for",
          "PT0.1S",
          "floe.launcher.attempt.lease",
          "PT6S",
          "floe.launcher.attempt.renew-every",
          "PT2S",
          "floe.launcher.queue.unknown-platform",
          "PT2S");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange call) throws IOException {
    try (call) {
      var platform = Path.of(call.getRequestURI().getPath()).getName(3).toString();
      int times = asked.merge(platform, 1, Integer::sum);
      boolean first = times == 1;
      boolean known =
          platform.equals("weather")
              || platform.equals("never")
              || platform.startsWith("slow-")
              || platform.startsWith("away-")
              || (platform.startsWith("destroyed-") && first);
      int status = platform.startsWith("away-") && !first ? 503 : known ? 200 : 404;
      boolean ready = platform.equals("weather") || (platform.startsWith("slow-") && times > SLOW);
      var body = known ? bindings(platform, ready) : "{\"status\":404}";
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      call.getResponseHeaders().set("Content-Type", "application/json");
      call.sendResponseHeaders(status, bytes.length);
      call.getResponseBody().write(bytes);
    }
  }

  private static String bindings(String platform, boolean ready) {
    return """
    {"platform": "%s", "release": 1, "runtime": "local", "domain": "weather",
     "namespace": "weather", "since": "a later version",
     "components": [
       {"name": "dagster", "kind": "orchestrator", "available": false, "reason": "Starting"},
       {"name": "warehouse", "kind": "compute", "available": %s, "reason": "R"}],
     "bindings": [{"name": "warehouse", "component": "warehouse",
       "env": [{"name": "FLOE_WAREHOUSE_TYPE", "value": "duckdb"}]}]}
    """
        .formatted(platform, ready);
  }

  @Override
  public void stop() {
    if (platformManager != null) {
      platformManager.stop(0);
    }
  }
}
