package dev.floe.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.DriverManager;
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

  /** System property with the database's JDBC URL, for tests that look into it. */
  private static final String URL_PROPERTY = "floe.test.jdbc-url";

  private @Nullable EmbeddedPostgres server;

  /** Every row of every table of the service's database, as text. */
  public static String dump() throws SQLException {
    var text = new StringBuilder();
    var url = System.getProperty(URL_PROPERTY, "");
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
        var tables = connection.createStatement();
        var rows = connection.createStatement();
        var names =
            tables.executeQuery(
                "select format('%I.%I', table_schema, table_name) from information_schema.tables"
                    + " where table_schema not in ('pg_catalog', 'information_schema')"
                    + " and table_type = 'BASE TABLE'")) {
      while (names.next()) {
        var name = names.getString(1);
        text.append("-- ").append(name).append('\n');
        try (var row = rows.executeQuery("select row_of::text from %s row_of".formatted(name))) {
          while (row.next()) {
            text.append(row.getString(1)).append('\n');
          }
        }
      }
    }
    return text.toString();
  }

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
      System.setProperty(URL_PROPERTY, "jdbc:postgresql://" + address);
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
