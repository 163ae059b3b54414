package dev.floe.kit.database;

import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.kit.problem.ProblemMapper;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Answers REST calls that failed at the database: 503 with {@code Retry-After} for what passes
 * ({@link DatabaseFailures}), 500 for everything else. Logs the cause of the 503 answers once a
 * minute, without a stack trace. Each service maps its exceptions to one instance.
 */
public final class DatabaseProblems {
  private static final Logger LOG = Logger.getLogger(DatabaseProblems.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final ProblemMapper mapper = new ProblemMapper();
  private final String service;
  private final LongSupplier nanos;
  private final Consumer<String> warning;
  private final AtomicLong quietUntil;

  /**
   * @param service the name of the service, for callers
   */
  public DatabaseProblems(String service) {
    this(service, System::nanoTime, LOG::warn);
  }

  DatabaseProblems(String service, LongSupplier nanos, Consumer<String> warning) {
    this.service = service;
    this.nanos = nanos;
    this.warning = warning;
    this.quietUntil = new AtomicLong(nanos.getAsLong());
  }

  /** The answer to a call that ended with this failure. */
  public Response answer(Throwable failure) {
    return explain(failure).map(mapper::floe).orElseGet(() -> mapper.unexpected(failure));
  }

  /** What the caller is told; empty where the failure is not one of the database that passes. */
  Optional<FloeException> explain(Throwable failure) {
    var passing = DatabaseFailures.passing(failure);
    if (passing == null) {
      return Optional.empty();
    }
    warn(passing);
    return Optional.of(
        FloeException.later(
            ProblemType.UNAVAILABLE,
            DatabaseFailures.diskFull(failure)
                ? "The database of %s has no disk space left; nothing can be stored until there is some"
                    .formatted(service)
                : "The database of %s cannot be reached or is busy; come back later"
                    .formatted(service),
            RETRY_AFTER));
  }

  private void warn(Throwable cause) {
    long now = nanos.getAsLong();
    long until = quietUntil.get();
    if (now - until >= 0 && quietUntil.compareAndSet(until, now + BETWEEN_WARNINGS.toNanos())) {
      warning.accept(
          "Requests are answered with 503 because the database fails: %s; repeated at most once a"
                  .formatted(cause.getMessage() == null ? cause : cause.getMessage())
              + " minute");
    }
  }
}
