package dev.floe.launcher.run;

import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.kit.idempotency.IdempotencyKey;
import dev.floe.kit.problem.FloeException;
import dev.floe.kit.rest.InstantParameter;
import dev.floe.launcher.trace.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Runs over HTTP. */
@Path(Names.API + "/runs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class RunsResource {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final RunService service;

  RunsResource(RunService service) {
    this.service = service;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Accepts a run",
      description =
          "With an Idempotency-Key the same submission can be sent again: the same body is answered"
              + " 200 with the run that was accepted before, another body 422. The key lives as"
              + " long as the run.")
  @APIResponse(
      responseCode = "201",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = Run.class)))
  @APIResponse(
      responseCode = "200",
      description = "Was accepted before",
      content = @Content(schema = @Schema(implementation = Run.class)))
  public Uni<RestResponse<Run>> submit(
      @Valid @NotNull RunRequest request,
      @HeaderParam(Names.IDEMPOTENCY_KEY) @Nullable String idempotencyKey,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    return service
        .submit(request, IdempotencyKey.checked(idempotencyKey), caller(traceparent))
        .map(accepted -> {
          var location = URI.create(Names.API + "/runs/" + accepted.run().id());
          return accepted.fresh()
              ? RestResponse.ResponseBuilder.<Run>created(location).entity(accepted.run()).build()
              : RestResponse.ResponseBuilder.ok(accepted.run()).location(location).build();
        });
  }

  @GET
  @Operation(
      summary = "Lists runs, newest first",
      description =
          "For polling pass the greatest updatedAt seen, less a minute, as updatedSince: changes"
              + " become visible when they are committed.")
  public Uni<Page<Run>> list(
      @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT)
          int limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("updatedSince") @Nullable String updatedSince,
      @QueryParam("state") @Nullable String state,
      @QueryParam("domain") @Nullable String domain,
      @QueryParam("product") @Nullable String product,
      @QueryParam("pipeline") @Nullable String pipeline,
      @QueryParam("platform") @Nullable String platform) {
    var filter =
        new RunFilter(
            state(state),
            domain,
            product,
            pipeline,
            platform,
            InstantParameter.read("updatedSince", updatedSince),
            RunCursor.read(cursor));
    return service.list(filter, limit);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "A run, at once or when it has ended (wait, at most PT60S)")
  public Uni<Run> get(@PathParam("id") String id, @QueryParam("wait") @Nullable Duration wait) {
    if (wait == null) {
      return service.get(id);
    }
    if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
      throw FloeException.invalid("wait", "must be between PT0S and PT60S");
    }
    return service.await(id, wait);
  }

  @POST
  @Path("/{id}/cancel")
  @Operation(summary = "Asks a run to end; what has ended stays as it is")
  public Uni<Run> cancel(@PathParam("id") String id) {
    return service.cancel(id);
  }

  @POST
  @Path("/{id}/retry")
  @Operation(
      summary = "Begins a failed or cancelled run again, with fresh budgets",
      description = "A run that is not over stays as it is; one that succeeded is a conflict.")
  public Uni<Run> retry(
      @PathParam("id") String id, @HeaderParam("traceparent") @Nullable String traceparent) {
    return service.retry(id, caller(traceparent));
  }

  private static @Nullable TraceContext caller(@Nullable String traceparent) {
    var here = Span.current().getSpanContext();
    return here.isValid()
        ? new TraceContext(here.getTraceId(), here.getSpanId(), null, here.isSampled())
        : TraceContext.parse(traceparent);
  }

  private static @Nullable RunState state(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return RunState.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw FloeException.invalid("state", "'%s' is not a state of a run".formatted(text));
    }
  }
}
