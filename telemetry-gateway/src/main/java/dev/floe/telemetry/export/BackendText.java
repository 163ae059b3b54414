package dev.floe.telemetry.export;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Makes what a backend says fit for a log line and the status: one line, of bounded length. */
final class BackendText {
  private static final int MAX_LENGTH = 300;

  private BackendText() {}

  static String line(String text) {
    var cut = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /**
   * @param location a {@code Location} header, null where there is none
   * @return where it leads, without user, query and fragment: these may hold secrets
   */
  static String location(@Nullable String location) {
    if (location == null || location.isBlank()) {
      return "an address that it does not name";
    }
    try {
      var uri = URI.create(location.strip());
      var host = uri.getHost() == null ? "" : uri.getScheme() + "://" + uri.getHost();
      var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      return line(host + port + (uri.getRawPath() == null ? "" : uri.getRawPath()));
    } catch (IllegalArgumentException notAUri) {
      return "an address that is not valid";
    }
  }
}
