package dev.floe.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DagsterTest {
  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpServer server;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Dagster dagster;

  private String answer = "";
  private String asked = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/graphql",
        exchange -> {
          try (exchange) {
            asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    dagster = new Dagster("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void findsAJobInItsCodeLocation() {
    answer =
        """
        {"data":{"workspaceOrError":{"__typename":"Workspace","locationEntries":[
          {"name":"other","loadStatus":"LOADING","locationOrLoadError":null},
          {"name":"weather","loadStatus":"LOADED","locationOrLoadError":{
            "__typename":"RepositoryLocation","repositories":[
              {"name":"__repository__","jobs":[{"name":"weather_pipeline"}]}]}}]}}}
        """;
    assertThat(dagster.find("weather_pipeline"))
        .contains(new Dagster.JobSelector("weather", "__repository__", "weather_pipeline"));
    assertThat(dagster.find("another")).isEmpty();
  }

  @Test
  void aLocationThatCannotBeLoadedIsSaidSo() {
    answer =
        """
        {"data":{"workspaceOrError":{"__typename":"Workspace","locationEntries":[
          {"name":"weather","loadStatus":"LOADED","locationOrLoadError":{
            "__typename":"PythonError","message":"ModuleNotFoundError: weather_orchestration\\n"}}]}}}
        """;
    assertThatThrownBy(() -> dagster.find("weather_pipeline"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("weather can't be loaded: ModuleNotFoundError");
  }

  @Test
  void launchesWithTheTags() {
    answer =
        """
        {"data":{"launchRun":{"__typename":"LaunchRunSuccess","run":{"runId":"r-1"}}}}
        """;
    var job = new Dagster.JobSelector("weather", "__repository__", "weather_pipeline");
    assertThat(dagster.launch(job, Map.of("floe/demo", "true"))).isEqualTo("r-1");
    assertThat(asked).contains("\"repositoryLocationName\":\"weather\"").contains("floe/demo");
  }

  @Test
  void aRefusedLaunchIsAFailure() {
    answer =
        """
        {"data":{"launchRun":{"__typename":"RunConfigValidationInvalid",
          "errors":[{"message":"resources are missing"}]}}}
        """;
    var job = new Dagster.JobSelector("weather", "__repository__", "weather_pipeline");
    assertThatThrownBy(() -> dagster.launch(job, Map.of()))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessageContaining("resources are missing");
  }

  @Test
  void aWebserverThatIsGoneIsUnreachable() {
    server.stop(0);
    assertThatThrownBy(() -> dagster.status("r-1"))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
  }
}
