package dev.floe.launcher.database;

import dev.floe.kit.database.ConnectionLimits;
import dev.floe.kit.startup.StartupCheck;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes the connection pool of this service, with the limits of {@link DatabaseConfig}. */
@Singleton
public final class LimitedPool implements PgPoolCreator, StartupCheck {
  /** How often a connection that listens is probed, so that it is not silent for longer. */
  public static final Duration LISTENER_PROBE = Duration.ofSeconds(10);

  private static final String PREFIX = "floe.launcher.database";

  private final ConnectionLimits limits;
  private final DatabaseConfig config;
  private final HealthConfig health;

  LimitedPool(DatabaseConfig config, HealthConfig health) {
    this.config = config;
    this.health = health;
    limits =
        new ConnectionLimits(
            config.statementTimeout(),
            config.lockTimeout(),
            config.idleInTransactionTimeout(),
            config.readTimeout());
  }

  @Override
  public List<String> findings() {
    var findings = new ArrayList<>(limits.findings(PREFIX));
    longer(
        findings,
        PREFIX + ".transaction-timeout",
        config.transactionTimeout(),
        PREFIX + ".statement-timeout",
        config.statementTimeout());
    longer(
        findings,
        "floe.launcher.health.stalled-after",
        health.stalledAfter(),
        PREFIX + ".transaction-timeout",
        config.transactionTimeout());
    if (config.readTimeout().compareTo(LISTENER_PROBE) <= 0) {
      findings.add(
          "%s.read-timeout (%s) must be longer than %s, the time between two probes of the"
                  .formatted(PREFIX, config.readTimeout(), LISTENER_PROBE)
              + " connection that listens for notifications");
    }
    return findings;
  }

  private static void longer(
      List<String> findings, String key, Duration value, String other, Duration than) {
    if (value.compareTo(than) <= 0) {
      findings.add("%s (%s) must be longer than %s (%s)".formatted(key, value, other, than));
    }
  }

  @Override
  public Pool create(Input input) {
    return limits.pool(input.vertx(), input.pgConnectOptionsList(), input.poolOptions());
  }
}
