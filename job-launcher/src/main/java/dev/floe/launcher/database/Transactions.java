package dev.floe.launcher.database;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/** Runs one unit of work in a transaction, for callers on virtual threads. */
@ApplicationScoped
public class Transactions {

  /**
   * Commits the work or throws what went wrong; blocks the calling (virtual) thread meanwhile.
   *
   * @param work chained operations on one session
   */
  public <T> T call(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(work));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
