package dev.floe.launcher.database;

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
    } catch (RuntimeException | Error e) {
      throw known(e);
    } catch (Throwable e) {
      throw known(new IllegalStateException(e));
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

  private static RuntimeException known(Throwable failure) {
    var passing = DatabaseFailures.passing(failure);
    if (passing instanceof DatabaseUnavailableException already) {
      return already;
    }
    if (passing != null) {
      return new DatabaseUnavailableException(
          "the database cannot do this now: %s".formatted(passing.getMessage()));
    }
    switch (failure) {
      case RuntimeException plain -> throw plain;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }
}
