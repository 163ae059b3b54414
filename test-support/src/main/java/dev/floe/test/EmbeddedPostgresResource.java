package dev.floe.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for a {@code @QuarkusTest} or {@code @QuarkusIntegrationTest}, one per test
 * run, and a token file ({@link #TOKEN}) so that the service starts.
 */
public final class EmbeddedPostgresResource implements QuarkusTestResourceLifecycleManager {
  /** The bearer token of services under test. */
  public static final String TOKEN = "token-of-the-tests-0123456789";

  private @Nullable EmbeddedPostgres server;

  @Override
  public Map<String, String> start() {
    try {
      var started = EmbeddedPostgres.builder().setServerConfig("max_connections", "60").start();
      server = started;
      try (var connection = started.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create database floe");
      }
      var token = Files.createTempFile("floe-token", "");
      Files.writeString(token, TOKEN);
      token.toFile().deleteOnExit();
      var address = "localhost:%d/floe".formatted(started.getPort());
      var config = new HashMap<String, String>();
      config.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + address);
      config.put("quarkus.datasource.reactive.url", "postgresql://" + address);
      config.put("quarkus.datasource.username", "postgres");
      config.put("quarkus.datasource.password", "postgres");
      config.put("floe.auth.token-file", token.toString());
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
