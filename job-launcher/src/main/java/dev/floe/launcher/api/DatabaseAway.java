package dev.floe.launcher.api;

import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.kit.problem.ProblemMapper;
import dev.floe.launcher.database.DatabaseFailures;
import dev.floe.launcher.database.DatabaseUnavailableException;
import io.smallrye.mutiny.CompositeException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 where the database is away or too slow now, so that callers come back. */
public final class DatabaseAway {
  private final ProblemMapper mapper = new ProblemMapper();

  @ServerExceptionMapper({
    CompositeException.class,
    ConnectException.class,
    ClosedConnectionException.class,
    DatabaseUnavailableException.class,
    PersistenceException.class,
    PgException.class,
    NoStackTraceThrowable.class
  })
  public Response away(Throwable failure) {
    return DatabaseFailures.passes(failure)
        ? mapper.floe(
            FloeException.later(
                ProblemType.UNAVAILABLE,
                "The database of job-launcher cannot be reached or is busy; come back later",
                Duration.ofSeconds(5)))
        : mapper.unexpected(failure);
  }
}
