package dev.floe.platform.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long anything in the database may take before it fails. */
@ConfigMapping(prefix = "floe.platform.database")
public interface DatabaseConfig {
  /** Longest time of one statement. */
  @WithDefault("PT15S")
  Duration statementTimeout();

  /** Longest wait of a statement for a lock that another replica holds. */
  @WithDefault("PT2S")
  Duration lockTimeout();

  /**
   * How long a transaction may stand still between two statements before PostgreSQL ends it and
   * releases its locks. A replica that freezes inside a transaction stops the others for so long.
   */
  @WithDefault("PT5S")
  Duration idleInTransactionTimeout();

  /**
   * How long the server may stay silent before a connection is closed; longer than the statement
   * timeout.
   */
  @WithDefault("PT30S")
  Duration readTimeout();
}
