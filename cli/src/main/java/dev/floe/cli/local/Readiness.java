package dev.floe.cli.local;

import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the services of this machine whether they are ready. */
final class Readiness {
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final Path token;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER).build();

  /**
   * @param token file with the token that the services of this home accept, and no others
   */
  Readiness(Path token) {
    this.token = token;
  }

  /** What a service answers when asked. */
  enum State {
    /** Nobody answers, or something that is not a service of this home. */
    SILENT,
    /** It is up, and something that it needs is not. */
    STARTING,
    READY
  }

  /** How the service on this port of this machine is. */
  State of(int port) {
    try {
      var health = get(port, "/q/health/ready");
      if (!health.body().contains("\"checks\"")) {
        return State.SILENT;
      }
      if (health.statusCode() != 200) {
        return State.STARTING;
      }
      // Another home's service may have taken the port. Whatever is asked for, the token comes
      // first.
      return get(port, "/api/v1").statusCode() == 401 ? State.SILENT : State.READY;
    } catch (IOException e) {
      return State.SILENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return State.SILENT;
    }
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(ANSWER)
            .header("authorization", "Bearer " + firstLine())
            .GET()
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private String firstLine() throws IOException {
    return PrivateFiles.read(token).flatMap(text -> text.lines().findFirst()).orElse("");
  }
}
