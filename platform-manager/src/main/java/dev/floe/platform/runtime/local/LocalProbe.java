package dev.floe.platform.runtime.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

/** Asks a process of this machine whether it answers, as a Kubernetes probe would. */
final class LocalProbe {
  private static final int TIMEOUT_MILLIS = 5000;

  private LocalProbe() {}

  /**
   * @param probe {@code {httpGet: {path, port}}} or {@code {tcpSocket: {port}}}
   * @return what is wrong; empty when it answers, or when there is nothing to ask
   */
  static Optional<String> ask(JsonNode probe) {
    if (probe.has("httpGet")) {
      return http(probe.path("httpGet"));
    }
    return probe.has("tcpSocket")
        ? tcp(probe.path("tcpSocket").path("port").asInt())
        : Optional.empty();
  }

  private static Optional<String> http(JsonNode get) {
    var uri =
        URI.create("http://127.0.0.1:" + get.path("port").asInt() + get.path("path").asText("/"));
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      try {
        int status = connection.getResponseCode();
        return status >= 200 && status < 400
            ? Optional.empty()
            : Optional.of("%s answers %d".formatted(uri, status));
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return Optional.of("%s does not answer yet".formatted(uri));
    }
  }

  private static Optional<String> tcp(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("nothing listens on port %d yet".formatted(port));
    }
  }
}
