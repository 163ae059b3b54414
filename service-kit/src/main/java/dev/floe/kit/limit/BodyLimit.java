package dev.floe.kit.limit;

import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.ProblemWriter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers a body over {@code quarkus.http.limits.max-body-size} with problem details. A body must
 * say its length (RFC 9110, section 8.6), so that a large one is refused before it is read.
 */
@ApplicationScoped
class BodyLimit {
  private static final int PRIORITY = 200;

  private final long limit;
  private final ProblemWriter problems;

  BodyLimit(
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") Optional<MemorySize> limit,
      ProblemWriter problems) {
    this.limit = limit.map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext call) {
    var request = call.request();
    if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
      call.next();
      return;
    }
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null && request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      refuse(call, "The body must say its length: send Content-Length instead of chunks");
    } else if (length != null && tooLong(length)) {
      refuse(call, "The body has %s bytes; at most %d are taken here".formatted(length, limit));
    } else {
      call.next();
    }
  }

  private boolean tooLong(String length) {
    try {
      return Long.parseLong(length) > limit;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private void refuse(RoutingContext call, String detail) {
    call.response().putHeader("Connection", "close");
    problems.end(call, Problem.of(ProblemType.BODY_TOO_LARGE, detail, List.of()));
  }
}
