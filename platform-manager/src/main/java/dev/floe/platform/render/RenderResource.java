package dev.floe.platform.render;

import dev.floe.contract.Names;
import dev.floe.platform.rollout.PlatformPlanner;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a manifest means, as text. */
@Path(Names.API + "/platforms")
@Tag(name = "Platforms")
public class RenderResource {
  private static final String YAML = "application/yaml";

  private final PlatformPlanner planner;

  RenderResource(PlatformPlanner planner) {
    this.planner = planner;
  }

  @POST
  @Path("/{name}/render")
  @Consumes({YAML, "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON})
  @Produces(YAML)
  @RunOnVirtualThread
  @Operation(summary = "The objects that a deploy of this manifest would make, as plain YAML")
  public String render(@PathParam("name") String name, String manifest) {
    return PlainManifests.of(planner.plan(name, manifest).plan());
  }
}
