package dev.floe.launcher.run;

import dev.floe.contract.Names;
import dev.floe.contract.schema.DocumentSchema;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The JSON Schema of run files, for editors. */
@Path(Names.API + "/schemas/run")
@Tag(name = "Schemas")
public class RunSchemaResource {
  private static final String TEXT = DocumentSchema.RUN.text();

  @GET
  @NonBlocking
  @Produces("application/schema+json")
  @Operation(summary = "The JSON Schema of run files")
  public String schema() {
    return TEXT;
  }
}
