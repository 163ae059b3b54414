package dev.floe.kit.limit;

import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.ProblemWriter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers a body over {@code quarkus.http.limits.max-body-size} with problem details, before it is
 * read where it says its length. One that does not (chunks, HTTP/2) is kept here up to the limit
 * before anybody else sees the call.
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
    if (length != null && tooLong(length)) {
      refuse(call, "The body has %s bytes; at most %d are taken here".formatted(length, limit));
    } else if (length == null && mayHaveBody(request) && !request.isEnded()) {
      read(call);
    } else {
      call.next();
    }
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /**
   * Reads a body of unknown length; whoever takes the call next finds it in the routing context.
   */
  private void read(RoutingContext call) {
    var request = call.request();
    var body = Buffer.buffer();
    var refused = new AtomicBoolean();
    request.handler(chunk -> {
      if (!refused.get() && body.length() + (long) chunk.length() <= limit) {
        body.appendBuffer(chunk);
      } else if (refused.compareAndSet(false, true)) {
        refuse(call, "The body is too large; at most %d bytes are taken here".formatted(limit));
      }
    });
    request.endHandler(ignored -> {
      if (!refused.get()) {
        ((RoutingContextInternal) call).setBody(body);
        call.next();
      }
    });
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
