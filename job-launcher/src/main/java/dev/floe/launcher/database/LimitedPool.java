package dev.floe.launcher.database;

import dev.floe.kit.database.ConnectionLimits;
import dev.floe.kit.startup.StartupCheck;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;

/** Makes the connection pool of this service, with the limits of {@link DatabaseConfig}. */
@Singleton
final class LimitedPool implements PgPoolCreator, StartupCheck {
  private final ConnectionLimits limits;

  LimitedPool(DatabaseConfig config) {
    limits =
        new ConnectionLimits(
            config.statementTimeout(),
            config.lockTimeout(),
            config.idleInTransactionTimeout(),
            config.readTimeout());
  }

  @Override
  public List<String> findings() {
    return limits.findings("floe.launcher.database");
  }

  @Override
  public Pool create(Input input) {
    return limits.pool(input.vertx(), input.pgConnectOptionsList(), input.poolOptions());
  }
}
