package dev.floe.platform.status;

import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.platform.PlatformDetails;
import dev.floe.contract.platform.PlatformStatus;
import dev.floe.kit.problem.FloeException;
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
  @Path("/{name}/details")
  @Operation(summary = "Components, domains, applied objects and warnings of a platform")
  public Uni<PlatformDetails> details(@PathParam("name") String name) {
    return service.details(name);
  }

  @GET
  @Path("/{name}/components/{component}/logs")
  @Produces("text/plain; charset=utf-8")
  @Operation(
      summary = "Logs of all workloads of a component",
      description =
          "Each line begins with the name of its pod (and container) or process in brackets; lines"
              + " of several pods are merged by time. With follow the answer continues until the"
              + " reader goes away, with pods that appear later; an empty line now and then shows"
              + " that the connection lives. With previous the logs before the last restart of each"
              + " container are read.")
  public RestMulti<Buffer> logs(
      @PathParam("name") String name,
      @PathParam("component") String component,
      @QueryParam("tail") @DefaultValue("500") @Min(0) @Max(MAX_TAIL) int tail,
      @QueryParam("follow") boolean follow,
      @QueryParam("previous") boolean previous) {
    if (follow && previous) {
      throw FloeException.invalid("previous", "cannot be followed; leave follow out");
    }
    return RestMulti.fromUniResponse(
        service.component(name, component),
        found -> logs.read(found.plan(), found.component(), tail, follow, previous));
  }
}
