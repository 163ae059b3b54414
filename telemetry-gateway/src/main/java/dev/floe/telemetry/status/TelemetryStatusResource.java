package dev.floe.telemetry.status;

import dev.floe.contract.Names;
import dev.floe.contract.telemetry.TelemetryStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** REST: where telemetry is. */
@Path(Names.API + "/telemetry/status")
@Produces(MediaType.APPLICATION_JSON)
public class TelemetryStatusResource {
  private final StatusReport report;

  TelemetryStatusResource(StatusReport report) {
    this.report = report;
  }

  /**
   * @return the counts of this moment
   */
  @GET
  @Operation(summary = "Where telemetry is: accepted = exported + queued + rejected + dropped")
  public TelemetryStatus status() {
    return report.status();
  }
}
