package dev.floe.kit.database;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Limits of every connection in a pool, so that a process that freezes inside a transaction stops
 * nobody else. PostgreSQL itself ends what takes too long and releases its locks; the limits are
 * startup parameters, so no statement runs without them.
 *
 * @param statement longest time of one statement
 * @param lock longest wait of a statement for one lock
 * @param idleInTransaction longest silence of a client between two statements of a transaction
 * @param read longest silence of the server; then the connection is closed and its statement fails
 */
public record ConnectionLimits(
    Duration statement, Duration lock, Duration idleInTransaction, Duration read) {

  /** What contradicts itself, each with the key below {@code prefix} to change. */
  public List<String> findings(String prefix) {
    var findings = new ArrayList<String>();
    positive(findings, prefix + ".statement-timeout", statement);
    positive(findings, prefix + ".lock-timeout", lock);
    positive(findings, prefix + ".idle-in-transaction-timeout", idleInTransaction);
    if (lock.compareTo(statement) >= 0) {
      findings.add(
          "%s.lock-timeout (%s) must be shorter than %s.statement-timeout (%s)"
              .formatted(prefix, lock, prefix, statement));
    }
    if (read.compareTo(statement) <= 0) {
      findings.add(
          "%s.read-timeout (%s) must be longer than %s.statement-timeout (%s)"
              .formatted(prefix, read, prefix, statement));
    }
    return findings;
  }

  private static void positive(List<String> findings, String key, Duration value) {
    if (value.toMillis() <= 0) {
      findings.add("%s is %s; it must be longer than PT0S".formatted(key, value));
    }
  }

  /** A pool whose connections have these limits. */
  @SuppressWarnings("deprecation") // Quarkus 3.32 casts what a PgPoolCreator returns to PgPool
  public Pool pool(Vertx vertx, List<PgConnectOptions> servers, PoolOptions options) {
    servers.forEach(this::limit);
    return PgPool.pool(vertx, servers, options);
  }

  private void limit(PgConnectOptions options) {
    options.addProperty("statement_timeout", millis(statement));
    options.addProperty("lock_timeout", millis(lock));
    options.addProperty("idle_in_transaction_session_timeout", millis(idleInTransaction));
    // A client that is gone without a word, or does not read, is noticed by the server too.
    options.addProperty("tcp_user_timeout", millis(read));
    options.addProperty("tcp_keepalives_idle", "10");
    options.addProperty("tcp_keepalives_interval", "5");
    options.addProperty("tcp_keepalives_count", "3");
    options.setTcpKeepAlive(true);
    options.setReadIdleTimeout((int) Math.max(1, read.toSeconds()));
    options.setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  private static String millis(Duration limit) {
    return Long.toString(limit.toMillis());
  }
}
