package dev.floe.kit.auth;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import org.jspecify.annotations.Nullable;

/** The tokens of this service's REST API. */
@ApplicationScoped
public class Tokens {
  private final AuthConfig config;
  private volatile @Nullable TokenFile file;

  Tokens(AuthConfig config) {
    this.config = config;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    file();
  }

  /** Whether a caller with this token may call. */
  public boolean accepts(String token) {
    return file().accepts(token);
  }

  /** Value of the {@code Authorization} header that this service sends to the other services. */
  public String authorization() {
    return "Bearer " + file().first();
  }

  private TokenFile file() {
    var read = file;
    if (read == null) {
      read =
          TokenFile.read(
              config
                  .tokenFile()
                  .orElseThrow(() ->
                      new IllegalStateException(
                          "floe.auth.token-file is not set: name a file with a bearer token"
                              + " (FLOE_AUTH_TOKEN_FILE); nothing is served without one")));
      file = read;
    }
    return read;
  }
}
