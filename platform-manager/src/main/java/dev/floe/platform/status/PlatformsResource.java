package dev.floe.platform.status;

import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.platform.PlatformStatus;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;

/** How platforms and their components are. */
@Path(Names.API + "/platforms")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platforms")
public class PlatformsResource {
  private static final int MAX_TAIL = 100_000;

  private final StatusService service;
  private final ComponentLogs logs;

  PlatformsResource(StatusService service, ComponentLogs logs) {
    this.service = service;
    this.logs = logs;
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
  @Produces("text/plain; charset=utf-8")
  @Operation(
      summary = "Logs of all workloads of a component",
      description =
          "Each line begins with the name of its workload in brackets. With follow the answer goes"
              + " on until the reader goes away; an empty line now and then shows that the"
              + " connection lives.")
  public RestMulti<Buffer> logs(
      @PathParam("name") String name,
      @PathParam("component") String component,
      @QueryParam("tail") @DefaultValue("500") @Min(0) @Max(MAX_TAIL) int tail,
      @QueryParam("follow") boolean follow) {
    return RestMulti.fromUniResponse(
        service.component(name, component),
        found -> logs.read(found.plan(), found.component(), tail, follow));
  }
}
