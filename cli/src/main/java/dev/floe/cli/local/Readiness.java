package dev.floe.cli.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks the services of this machine whether they are ready. */
final class Readiness {
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER).build();

  /** What a service answers when asked. */
  enum State {
    /** Nobody answers, or something that is no service of floe. */
    SILENT,
    /** It is up, and something that it needs is not. */
    STARTING,
    READY
  }

  /** How the service on this port of this machine is. */
  State of(int port) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
            .timeout(ANSWER)
            .GET()
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (!answer.body().contains("\"checks\"")) {
        return State.SILENT;
      }
      return answer.statusCode() == 200 ? State.READY : State.STARTING;
    } catch (IOException e) {
      return State.SILENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return State.SILENT;
    }
  }
}
