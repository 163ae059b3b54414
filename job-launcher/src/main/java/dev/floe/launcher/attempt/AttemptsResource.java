package dev.floe.launcher.attempt;

import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.run.Attempt;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Attempts over HTTP. */
@Path(Names.API + "/runs/{id}/attempts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class AttemptsResource {
  private final AttemptService service;

  AttemptsResource(AttemptService service) {
    this.service = service;
  }

  @GET
  @Operation(summary = "Every attempt of the run, first one first, on one page")
  public Uni<Page<Attempt>> list(@PathParam("id") String id) {
    return service.ofRun(id).map(attempts -> new Page<>(attempts, null));
  }

  @GET
  @Path("/{number}")
  @Operation(summary = "One attempt")
  public Uni<Attempt> get(@PathParam("id") String id, @PathParam("number") int number) {
    return service.get(id, number);
  }
}
