package dev.floe.launcher.run;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Answers before a stream begins, because a stream that has begun can only be cut off. */
@ApplicationScoped
class ExistingRunFilter {
  private final RunService runs;

  ExistingRunFilter(RunService runs) {
    this.runs = runs;
  }

  @ExistingRun
  @ServerRequestFilter
  Uni<Void> check(UriInfo uri) {
    return runs.get(String.valueOf(uri.getPathParameters().getFirst("id"))).replaceWithVoid();
  }
}
