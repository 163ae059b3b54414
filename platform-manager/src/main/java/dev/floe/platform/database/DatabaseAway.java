package dev.floe.platform.database;

import dev.floe.kit.database.DatabaseProblems;
import dev.floe.kit.database.DatabaseUnavailableException;
import io.smallrye.mutiny.CompositeException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers 503 where the database is away or too slow now, so that callers come back. */
public final class DatabaseAway {
  private final DatabaseProblems problems = new DatabaseProblems("platform-manager");

  @ServerExceptionMapper({
    CompositeException.class,
    SocketException.class,
    UnknownHostException.class,
    ClosedConnectionException.class,
    DatabaseUnavailableException.class,
    PersistenceException.class,
    PgException.class,
    NoStackTraceThrowable.class
  })
  public Response away(Throwable failure) {
    return problems.answer(failure);
  }
}
