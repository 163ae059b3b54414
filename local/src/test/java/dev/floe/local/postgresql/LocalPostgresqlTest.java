package dev.floe.local.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.local.LocalException;
import dev.floe.local.home.FloeHome;
import dev.floe.local.process.ProcessStatus.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresqlTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Database FLOE =
      new Database(
          "floe",
          new Database.Role("floe", "owner's"),
          List.of(new Database.Role("job_launcher", "launch")));

  @TempDir Path temporary;
  private LocalPostgresql server;

  @BeforeEach
  void nameServer() throws IOException {
    server = at(freePort());
  }

  @AfterEach
  void stopServer() {
    server.stop();
  }

  @Test
  void rolesSignInWithTheirPasswordsOnly() throws SQLException {
    // When
    server.start(List.of(FLOE));
    // Then
    assertThat(query("floe", "owner's", "show fsync")).isEqualTo("on");
    assertThat(query("job_launcher", "launch", "select current_schema()"))
        .isEqualTo("job_launcher");
    assertThatThrownBy(() -> query("floe", "wrong", "select 1")).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> query("postgres", "postgres", "select 1"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void dataOutliveAKilledServer() throws SQLException {
    // Given
    server.start(List.of(FLOE));
    query("floe", "owner's", "create table kept as select 42 as n");
    var pid = server.status() instanceof Running running ? running.pid() : 0;
    // When
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    // Then
    await()
        .atMost(LIMIT)
        .until(() -> server.isReady() && server.status() instanceof Running r && r.pid() != pid);
    assertThat(query("floe", "owner's", "select n from kept")).isEqualTo("42");
  }

  @Test
  void aServerWhoseSupervisorWasKilledIsReplaced() throws Exception {
    // Given
    server.start(List.of(FLOE));
    var json = Files.readString(temporary.resolve("home/run/postgresql/process.json"));
    var supervisor = Long.parseLong(json.replaceFirst("(?s).*\"supervisorPid\": (\\d+).*", "$1"));
    ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();
    // When
    await().atMost(LIMIT).until(() -> !(server.status() instanceof Running));
    server.start(List.of(FLOE));
    // Then
    assertThat(query("floe", "owner's", "select 1")).isEqualTo("1");
  }

  @Test
  void startingAgainLeavesItAlone() {
    // Given
    server.start(List.of(FLOE));
    var before = server.status();
    // When
    server.start(List.of(FLOE));
    // Then
    assertThat(server.status()).isEqualTo(before);
  }

  @Test
  void anotherDatabaseIsAddedLater() throws SQLException {
    // Given
    server.start(List.of(FLOE));
    // When
    server.start(List.of(FLOE, Database.of("dagster", "dagster", "d")));
    // Then
    assertThat(query("floe", "owner's", "select 1")).isEqualTo("1");
    try (var connection = DriverManager.getConnection(server.jdbcUrl("dagster"), "dagster", "d")) {
      assertThat(connection.isValid(10)).isTrue();
    }
  }

  @Test
  void aPortInUseIsSaid() throws IOException {
    // Given
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server = at(taken.getLocalPort());
      // When
      assertThatThrownBy(() -> server.start(List.of(FLOE)))
          // Then
          .isInstanceOf(LocalException.class)
          .hasMessageContaining("Port " + taken.getLocalPort());
    }
  }

  private LocalPostgresql at(int port) {
    var home = FloeHome.at(temporary.resolve("home"));
    return LocalPostgresql.at(home, home.service("postgresql"), home.data("postgresql"), port);
  }

  private String query(String user, String password, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(server.jdbcUrl("floe"), user, password);
        var statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (var rows = statement.getResultSet()) {
        return rows.next() ? rows.getString(1) : "";
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
