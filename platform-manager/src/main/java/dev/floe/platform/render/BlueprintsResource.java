package dev.floe.platform.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.platform.BlueprintDetails;
import dev.floe.contract.platform.BlueprintDetails.Setting;
import dev.floe.contract.platform.BlueprintFiles;
import dev.floe.contract.platform.BlueprintProblems;
import dev.floe.contract.platform.BlueprintSummary;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.Blueprint;
import dev.floe.platform.blueprint.BlueprintException;
import dev.floe.platform.blueprint.BlueprintFolder;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.manifest.ManifestJsonSchema;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The systems that can be deployed. */
@Path(Names.API + "/blueprints")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Blueprints")
public class BlueprintsResource {
  private final BlueprintLibrary library;

  BlueprintsResource(BlueprintLibrary library) {
    this.library = library;
  }

  @GET
  @NonBlocking
  @Operation(summary = "The systems that can be deployed")
  public Page<BlueprintSummary> list() {
    return new Page<>(library.all().stream().map(this::summary).toList(), null);
  }

  @GET
  @Path("/{system}")
  @NonBlocking
  @Operation(summary = "A system that can be deployed, and what a manifest may say of it")
  public BlueprintDetails get(@PathParam("system") String system) {
    var blueprint =
        library.find(system).orElseThrow(() -> FloeException.notFound("Blueprint " + system));
    return new BlueprintDetails(summary(blueprint), blueprint.images(), settings(blueprint));
  }

  @POST
  @Path("/validate")
  @Consumes(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  @Operation(summary = "Everything that is wrong with a folder of blueprints; nothing is kept")
  public BlueprintProblems validate(@Valid BlueprintFiles folder) {
    try {
      return new BlueprintProblems(BlueprintLibrary.problems(BlueprintFolder.of(folder.files())));
    } catch (BlueprintException e) {
      throw FloeException.invalid("/files", String.valueOf(e.getMessage()));
    }
  }

  private BlueprintSummary summary(Blueprint blueprint) {
    return new BlueprintSummary(
        blueprint.system(),
        blueprint.version(),
        blueprint.kinds().stream().sorted().toList(),
        blueprint.provides().stream().sorted().toList(),
        blueprint.requires().stream().sorted().toList(),
        blueprint.runtimes().keySet().stream().sorted().toList(),
        library.isOwn(blueprint.system()));
  }

  private static List<Setting> settings(Blueprint blueprint) {
    var schema = ManifestJsonSchema.of(blueprint.configShape());
    var required =
        StreamSupport.stream(schema.path("required").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    var settings = new ArrayList<Setting>();
    for (var entry : schema.path("properties").properties()) {
      var fallback = blueprint.configDefaults().path(entry.getKey());
      settings.add(
          new Setting(
              entry.getKey(),
              entry.getValue().path("type").asText("any"),
              required.contains(entry.getKey()),
              fallback.isMissingNode() ? "" : fallback.toString(),
              entry.getValue().path("description").asText()));
    }
    return settings;
  }
}
