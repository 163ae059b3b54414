package dev.floe.platform.rollout;

import dev.floe.contract.Names;
import dev.floe.contract.platform.PlatformDiff;
import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.release.IfBusy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Deploying, comparing and removing platforms. */
@Path(Names.API + "/platforms")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platforms")
public class DeploymentsResource {
  private static final String YAML = "application/yaml";
  private static final String X_YAML = "application/x-yaml";
  private static final String TEXT_YAML = "text/yaml";

  private final DeploymentService service;

  DeploymentsResource(DeploymentService service) {
    this.service = service;
  }

  @PUT
  @Path("/{name}")
  @Consumes({YAML, X_YAML, TEXT_YAML, MediaType.APPLICATION_JSON})
  @RunOnVirtualThread
  @Operation(summary = "Deploy this manifest: a new release")
  @APIResponse(responseCode = "202", description = "Accepted; Location is the release")
  @APIResponse(
      responseCode = "200",
      description = "It runs already, and a new release would change nothing")
  public Response deploy(
      @PathParam("name") String name,
      @Parameter(description = "The only component that is changed; all without it")
          @QueryParam("component")
          @Nullable String component,
      @Parameter(description = "Take over objects and fields that others manage")
          @QueryParam("takeOver")
          @DefaultValue("false")
          boolean takeOver,
      @Parameter(description = "What happens while another release is under way")
          @QueryParam("ifBusy")
          @DefaultValue("replace")
          String ifBusy,
      String manifest,
      UriInfo uri) {
    var release = service.deploy(name, manifest, component, takeOver, ifBusy(ifBusy));
    return release.state() == ReleaseState.DEPLOYED
        ? Response.ok(release).location(location(release, uri)).build()
        : accepted(release, uri);
  }

  private static IfBusy ifBusy(String word) {
    return switch (word) {
      case "replace" -> IfBusy.REPLACE;
      case "wait" -> IfBusy.WAIT;
      case "refuse" -> IfBusy.REFUSE;
      default -> throw FloeException.invalid("ifBusy", "must be one of replace, wait, refuse");
    };
  }

  @POST
  @Path("/{name}/releases/{number}/abort")
  @RunOnVirtualThread
  @Operation(summary = "End a release under way at its next step; what it has applied stays")
  @APIResponse(responseCode = "202", description = "Accepted; Location is the release")
  @APIResponse(responseCode = "409", description = "It has ended")
  public Response abort(
      @PathParam("name") String name, @PathParam("number") int number, UriInfo uri) {
    return accepted(service.abort(name, number), uri);
  }

  @POST
  @Path("/{name}/diff")
  @Consumes({YAML, X_YAML, TEXT_YAML, MediaType.APPLICATION_JSON})
  @RunOnVirtualThread
  @Operation(summary = "What a deploy of this manifest would change, field by field")
  public PlatformDiff diff(
      @PathParam("name") String name,
      @Parameter(description = "The only component that would be changed; all without it")
          @QueryParam("component")
          @Nullable String component,
      String manifest) {
    return service.diff(name, manifest, component);
  }

  @DELETE
  @Path("/{name}")
  @RunOnVirtualThread
  @Operation(summary = "Remove the platform's components in reverse order; data stay")
  @APIResponse(responseCode = "202", description = "Accepted; Location is the release that does so")
  @APIResponse(responseCode = "204", description = "Removed already")
  public Response remove(@PathParam("name") String name, UriInfo uri) {
    return service
        .remove(name)
        .map(release -> accepted(release, uri))
        .orElseGet(() -> Response.noContent().build());
  }

  private static Response accepted(Release release, UriInfo uri) {
    return Response.accepted(release).location(location(release, uri)).build();
  }

  private static URI location(Release release, UriInfo uri) {
    return uri.getBaseUriBuilder()
        .path(Names.API)
        .path("platforms")
        .path(release.platform())
        .path("releases")
        .path(String.valueOf(release.number()))
        .build();
  }
}
