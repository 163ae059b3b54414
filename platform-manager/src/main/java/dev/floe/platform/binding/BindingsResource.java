package dev.floe.platform.binding;

import dev.floe.contract.Names;
import dev.floe.contract.platform.Bindings;
import dev.floe.kit.problem.FloeException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What jobs inherit. */
@Path(Names.API + "/platforms")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Bindings")
public class BindingsResource {
  private final BindingService service;

  BindingsResource(BindingService service) {
    this.service = service;
  }

  @GET
  @Path("/{name}/bindings")
  @Operation(summary = "What the jobs of a domain inherit: endpoints, and secrets by reference")
  public Uni<Bindings> get(
      @PathParam("name") String name, @QueryParam("domain") @Nullable String domain) {
    if (domain == null || domain.isBlank()) {
      throw FloeException.invalid("domain", "say whose jobs: ?domain=…");
    }
    return service.of(name, domain);
  }
}
