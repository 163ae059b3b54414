package dev.floe.launcher.queue;

import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/**
 * A PostgreSQL whose reactive clients connect to a port where the test puts a proxy, with short
 * limits.
 */
public final class ProxiedDatabase implements QuarkusTestResourceLifecycleManager {
  static final String PROXY = "test.proxy.port";
  static final String SERVER = "test.server.port";

  private final EmbeddedPostgresResource postgres = new EmbeddedPostgresResource();

  @Override
  public Map<String, String> start() {
    var config = new HashMap<>(postgres.start());
    var address = String.valueOf(config.get("quarkus.datasource.reactive.url"));
    try (var free = new ServerSocket(0)) {
      config.put(PROXY, Integer.toString(free.getLocalPort()));
      config.put(SERVER, address.replaceAll(".*:([0-9]+)/.*", "$1"));
      config.put(
          "quarkus.datasource.reactive.url",
          "postgresql://127.0.0.1:%d/floe".formatted(free.getLocalPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    config.put("floe.launcher.database.idle-in-transaction-timeout", "PT0.4S");
    config.put("floe.launcher.database.lock-timeout", "PT0.3S");
    return config;
  }

  @Override
  public void stop() {
    postgres.stop();
  }
}
