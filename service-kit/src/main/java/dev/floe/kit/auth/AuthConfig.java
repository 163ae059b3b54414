package dev.floe.kit.auth;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Who may call this service. */
@ConfigMapping(prefix = "floe.auth")
public interface AuthConfig {
  /**
   * File with the bearer tokens, one on a line, at least 16 characters each. The first is the one
   * this service sends to the others; every one is accepted, so that tokens can be rotated. The
   * file is read again when it changes. Required: without it the service does not start.
   */
  Optional<Path> tokenFile();
}
