package dev.floe.launcher.explain;

import dev.floe.contract.Names;
import dev.floe.contract.run.Explanation;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Explanations over HTTP. */
@Path(Names.API + "/runs/{id}/explain")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class ExplainResource {
  private final ExplainService service;

  ExplainResource(ExplainService service) {
    this.service = service;
  }

  @GET
  @Operation(summary = "Why the run is where it is, and what to do next")
  public Uni<Explanation> explain(@PathParam("id") String id) {
    return service.explain(id);
  }
}
