package dev.floe.launcher.api;

import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.kit.problem.ProblemMapper;
import io.smallrye.mutiny.CompositeException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.time.Duration;
import org.hibernate.HibernateException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 where the database cannot be reached, so that callers come back. */
public final class DatabaseAway {
  /** SQLSTATE class "operator intervention": it shuts down or starts up. */
  private static final String INTERVENTION = "57P";

  private static final int DEPTH = 20;
  private final ProblemMapper mapper = new ProblemMapper();

  @ServerExceptionMapper({
    CompositeException.class,
    ConnectException.class,
    ClosedConnectionException.class,
    HibernateException.class,
    PgException.class
  })
  public Response away(Throwable failure) {
    return isAway(failure)
        ? mapper.floe(
            FloeException.later(
                ProblemType.UNAVAILABLE,
                "The database of job-launcher cannot be reached now; come back later",
                Duration.ofSeconds(5)))
        : mapper.unexpected(failure);
  }

  static boolean isAway(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      if (cause instanceof ConnectException
          || cause instanceof ClosedConnectionException
          || (cause instanceof PgException pg
              && pg.getSqlState() != null
              && pg.getSqlState().startsWith(INTERVENTION))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
