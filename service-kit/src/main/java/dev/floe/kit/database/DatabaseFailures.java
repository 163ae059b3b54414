package dev.floe.kit.database;

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

  private static final String DISK_FULL = "53100";

  private DatabaseFailures() {}

  /** Whether the database has no disk space left. */
  public static boolean diskFull(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      if ((cause instanceof DatabaseUnavailableException unavailable && unavailable.diskFull())
          || (cause instanceof PgException pg && DISK_FULL.equals(pg.getSqlState()))
          || (cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState()))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Whether the same may succeed later, without anybody changing anything. */
  public static boolean passes(Throwable failure) {
    return passing(failure) != null;
  }

  /** The cause that passes; null where none does. */
  public static @Nullable Throwable passing(Throwable failure) {
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

  /**
   * What code on a virtual thread throws for a failure of its unit of work.
   *
   * @return {@link DatabaseUnavailableException} where the same may succeed later, otherwise the
   *     failure itself, wrapped where it is a checked one
   */
  public static RuntimeException unchecked(Throwable failure) {
    var passing = passing(failure);
    if (passing instanceof DatabaseUnavailableException already) {
      return already;
    }
    if (passing != null) {
      return new DatabaseUnavailableException(
          "the database cannot do this now: %s".formatted(passing.getMessage()), diskFull(failure));
    }
    return switch (failure) {
      case RuntimeException plain -> plain;
      case Error error -> throw error;
      default -> new IllegalStateException(failure);
    };
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
