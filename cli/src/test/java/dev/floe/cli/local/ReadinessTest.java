package dev.floe.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
  @TempDir Path folder;
  private HttpServer service;
  private int health = 200;

  @BeforeEach
  void serve() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/q/health/ready", call -> answer(call, health, "{\"status\": \"…\", \"checks\": []}"));
    service.createContext(
        "/api/v1",
        call -> {
          var known = "Bearer ours".equals(call.getRequestHeaders().getFirst("authorization"));
          answer(call, known ? 404 : 401, "{}");
        });
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  @Test
  void aServiceThatTakesTheTokenIsReady() throws IOException {
    assertThat(state("ours\n")).isEqualTo(Readiness.State.READY);
  }

  @Test
  void theFirstOfSeveralTokensIsUsed() throws IOException {
    assertThat(state("ours\nolder\n")).isEqualTo(Readiness.State.READY);
  }

  @Test
  void aServiceOfAnotherHomeIsNotOurs() throws IOException {
    assertThat(state("another\n")).isEqualTo(Readiness.State.SILENT);
  }

  @Test
  void aServiceThatWaitsForSomethingIsStarting() throws IOException {
    health = 503;
    assertThat(state("ours\n")).isEqualTo(Readiness.State.STARTING);
  }

  private Readiness.State state(String tokens) throws IOException {
    var token = Files.writeString(folder.resolve("token"), tokens);
    return new Readiness(token).of(service.getAddress().getPort());
  }

  private static void answer(HttpExchange call, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }
}
