package dev.floe.platform.status;

import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.platform.PlatformStatus;
import dev.floe.platform.runtime.PlatformRuntime;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How platforms and their components are. */
@Path(Names.API + "/platforms")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platforms")
public class PlatformsResource {
  private static final int MAX_TAIL = 100_000;

  private final StatusService service;
  private final PlatformRuntime runtime;

  PlatformsResource(StatusService service, PlatformRuntime runtime) {
    this.service = service;
    this.runtime = runtime;
  }

  @GET
  @Operation(summary = "Platforms, by name")
  public Uni<Page<PlatformStatus>> list(
      @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT)
          int limit,
      @QueryParam("cursor") @DefaultValue("") String cursor) {
    return service.list(cursor, limit);
  }

  @GET
  @Path("/{name}")
  @Operation(summary = "A platform as it is now")
  public Uni<PlatformStatus> get(@PathParam("name") String name) {
    return service.status(name);
  }

  @GET
  @Path("/{name}/status")
  @Operation(summary = "Status of each component and workload")
  public Uni<PlatformStatus> status(@PathParam("name") String name) {
    return service.status(name);
  }

  @GET
  @Path("/{name}/components/{component}/logs")
  @Produces(MediaType.TEXT_PLAIN)
  @Operation(summary = "Logs of all workloads of a component")
  public Uni<StreamingOutput> logs(
      @PathParam("name") String name,
      @PathParam("component") String component,
      @QueryParam("tail") @DefaultValue("500") @Min(0) @Max(MAX_TAIL) int tail,
      @QueryParam("follow") boolean follow) {
    return service
        .component(name, component)
        .map(found -> out -> runtime.logs(found.plan(), found.component(), tail, follow, out));
  }
}
