package dev.floe.launcher.database;

import dev.floe.kit.database.DatabaseFailures;
import dev.floe.kit.database.DatabaseUnavailableException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs units of work for callers on virtual threads, in bounded time. What the caller stops waiting
 * for is not cut off, because a session that is cut off keeps its connection: the limits of the
 * connection end it.
 */
@ApplicationScoped
public class Transactions {
  private final Duration longest;

  @Inject
  Transactions(DatabaseConfig config) {
    this(config.transactionTimeout());
  }

  /** For tests that stand between a caller and the database. */
  protected Transactions(Duration longest) {
    this.longest = longest;
  }

  /**
   * Commits the work or throws what went wrong; blocks the calling (virtual) thread meanwhile.
   *
   * @param work chained operations on one session
   * @throws DatabaseUnavailableException when the database is away or too slow; the work may have
   *     been committed all the same
   */
  public <T> T call(Supplier<Uni<T>> work) {
    return await(() -> Panache.withTransaction(work));
  }

  /**
   * The same without a transaction around it.
   *
   * @throws DatabaseUnavailableException when the database is away or too slow
   */
  public <T> T await(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(() -> bounded(work));
    } catch (Throwable e) {
      throw DatabaseFailures.unchecked(e);
    }
  }

  private <T> Uni<T> bounded(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .<T>emitter(answer -> {
          var _ = work.get().subscribe().with(answer::complete, answer::fail);
        })
        .ifNoItem()
        .after(longest)
        .failWith(() ->
            new DatabaseUnavailableException(
                "the database did not answer within %s".formatted(longest)));
  }
}
