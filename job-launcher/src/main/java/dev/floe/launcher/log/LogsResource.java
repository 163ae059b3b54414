package dev.floe.launcher.log;

import dev.floe.contract.Names;
import dev.floe.kit.rest.InstantParameter;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/** Logs of attempts over HTTP. */
@Path(Names.API + "/runs/{id}/attempts/{number}/logs")
@Tag(name = "runs")
public class LogsResource {
  private static final String OFFSET = "Floe-Log-Offset";

  private final LogService service;

  LogsResource(LogService service) {
    this.service = service;
  }

  @GET
  @Produces("text/plain; charset=utf-8")
  @Operation(
      summary = "The attempt's log as it was written, standard output and error merged",
      description =
          "With follow the answer ends when the log is complete. offset (bytes) resumes where a"
              + " reader was cut off; since (an instant) and tail (lines) begin later. The header"
              + " Floe-Log-Offset says with which byte the answer begins.")
  public RestMulti<Buffer> read(
      @PathParam("id") String id,
      @PathParam("number") int number,
      @QueryParam("follow") @DefaultValue("false") boolean follow,
      @QueryParam("offset") @Min(0) @Nullable Long offset,
      @QueryParam("since") @Nullable String since,
      @QueryParam("tail") @Min(0) @Max(100_000) @Nullable Integer tail) {
    var start = new LogService.Start(offset, InstantParameter.read("since", since), tail);
    return RestMulti.fromUniResponse(
        service.read(id, number, follow, start),
        // An empty first piece sends the headers before there is anything to read.
        reading ->
            Multi.createBy()
                .concatenating()
                .streams(Multi.createFrom().item(Buffer.buffer()), reading.bytes()),
        reading -> java.util.Map.of(OFFSET, java.util.List.of(Long.toString(reading.offset()))));
  }
}
