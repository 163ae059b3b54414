package dev.floe.kit.rest;

import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.ProblemWriter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.regex.Pattern;

/** Refuses calls whose path or query holds text that is not {@link StorableText}. */
@ApplicationScoped
class StorableAddress {
  /** After authentication, before bodies. */
  private static final int PRIORITY = 250;

  /** NUL, or UTF-8's form of half a surrogate pair. */
  private static final Pattern UNSTORABLE =
      Pattern.compile("%00|%ed%[ab]", Pattern.CASE_INSENSITIVE);

  private static final String WORDS =
      "holds the character NUL or half of a surrogate pair, which cannot be stored; leave it out";

  private final ProblemWriter problems;

  StorableAddress(ProblemWriter problems) {
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext call) {
    var query = call.request().query();
    if (UNSTORABLE.matcher(String.valueOf(call.request().path())).find()) {
      refuse(call, "path");
    } else if (query != null && UNSTORABLE.matcher(query).find()) {
      refuse(call, parameter(query));
    } else {
      call.next();
    }
  }

  /** Name of the first parameter that is concerned; {@code query} where the name itself is. */
  private static String parameter(String query) {
    for (var one : query.split("&", -1)) {
      int equals = one.indexOf('=');
      if (UNSTORABLE.matcher(one).find()) {
        var name = equals < 0 ? one : one.substring(0, equals);
        return UNSTORABLE.matcher(name).find() ? "query" : name;
      }
    }
    return "query";
  }

  private void refuse(RoutingContext call, String pointer) {
    problems.end(
        call,
        Problem.of(
            ProblemType.INVALID_REQUEST,
            pointer + ": " + WORDS,
            List.of(FieldError.of(pointer, WORDS))));
  }
}
