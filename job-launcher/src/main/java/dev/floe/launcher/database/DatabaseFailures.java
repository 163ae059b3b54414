package dev.floe.launcher.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells failures of the database that pass from those that stay. Pure. */
public final class DatabaseFailures {
  private static final int DEPTH = 20;

  /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
  private static final Set<String> PASSING =
      Set.of(
          "57014", // statement timeout
          "55P03", // lock timeout
          "25P03", // idle in transaction for too long
          "25P04", // transaction timeout
          "40001", // serialization failure
          "40P01"); // deadlock

  /** Connection exception, insufficient resources, operator intervention (stops or starts). */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "57P");

  private DatabaseFailures() {}

  /** Whether the same may succeed later, without anybody changing anything. */
  public static boolean passes(Throwable failure) {
    return passing(failure) != null;
  }

  /** The cause that passes; null where none does. */
  static @Nullable Throwable passing(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      if (cause instanceof DatabaseUnavailableException
          || isTransport(cause)
          || cause instanceof ClosedConnectionException
          || isPoolTimeout(cause)
          || (cause instanceof PgException pg && passes(pg.getSqlState()))
          || (cause instanceof SQLException sql && passes(sql.getSQLState()))) {
        return cause;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** What goes wrong on the wire; a text that is not JSON is an IOException to Jackson too. */
  private static boolean isTransport(Throwable cause) {
    return cause instanceof IOException && !(cause instanceof JsonProcessingException);
  }

  /** Nothing was free in the pool for as long as a caller waits (Vert.x 4.5 has no type for it). */
  private static boolean isPoolTimeout(Throwable cause) {
    return cause instanceof NoStackTraceThrowable && "Timeout".equals(cause.getMessage());
  }

  private static boolean passes(@Nullable String state) {
    return state != null
        && (PASSING.contains(state) || PASSING_CLASSES.stream().anyMatch(state::startsWith));
  }
}
