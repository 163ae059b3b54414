package dev.floe.platform.render;

import dev.floe.contract.Names;
import dev.floe.contract.schema.DocumentSchema;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.manifest.ManifestJsonSchema;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** JSON Schemas of what people write, for editors. */
@Path(Names.API + "/schemas")
@Produces("application/schema+json")
@Tag(name = "Schemas")
public class SchemasResource {
  private static final String BLUEPRINT = DocumentSchema.BLUEPRINT.text();

  private final String manifest;

  SchemasResource(BlueprintLibrary library) {
    this.manifest = ManifestJsonSchema.of(library).toPrettyString() + "\n";
  }

  @GET
  @Path("/manifest")
  @NonBlocking
  @Operation(summary = "The JSON Schema of manifests, with the operator's own blueprints")
  public String manifest() {
    return manifest;
  }

  @GET
  @Path("/blueprint")
  @NonBlocking
  @Operation(summary = "The JSON Schema of blueprints")
  public String blueprint() {
    return BLUEPRINT;
  }
}
