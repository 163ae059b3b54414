package dev.floe.kit.auth;

import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.ProblemWriter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Lets nothing through without a token but the health checks. */
@ApplicationScoped
class AuthFilter {
  private static final int PRIORITY = 300;
  private static final String HEALTH = "/q/health";
  private static final String BEARER = "bearer ";

  private final Tokens tokens;
  private final ProblemWriter problems;

  AuthFilter(Tokens tokens, ProblemWriter problems) {
    this.tokens = tokens;
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext call) {
    var path = call.normalizedPath();
    if (path.equals(HEALTH) || path.startsWith(HEALTH + "/")) {
      call.next();
      return;
    }
    var header = call.request().getHeader("Authorization");
    if (header != null
        && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && tokens.accepts(header.substring(BEARER.length()).strip())) {
      call.next();
      return;
    }
    call.response().putHeader("WWW-Authenticate", "Bearer");
    problems.end(
        call,
        Problem.of(
            ProblemType.UNAUTHENTICATED,
            header == null
                ? "Send the header Authorization: Bearer <token>"
                : "This token is not known here; look at the token of your context (floe context"
                    + " list)",
            List.of()));
  }
}
