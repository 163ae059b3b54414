package dev.floe.platform.render;

import dev.floe.contract.Names;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.manifest.ManifestJsonSchema;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The JSON Schema of manifests, for editors; with the operator's own blueprints. */
@Path(Names.API + "/schemas/manifest")
@Tag(name = "Schemas")
public class ManifestSchemaResource {
  private final String text;

  ManifestSchemaResource(BlueprintLibrary library) {
    this.text = ManifestJsonSchema.of(library).toPrettyString() + "\n";
  }

  @GET
  @NonBlocking
  @Produces("application/schema+json")
  @Operation(summary = "The JSON Schema of manifests")
  public String schema() {
    return text;
  }
}
