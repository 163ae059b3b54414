package dev.floe.kit;

import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.util.List;

/** A resource with everything a request can get wrong. */
@Path("/echo")
public class EchoResource {
  /** What it takes. */
  public record Body(@NotBlank String name, Duration pause, List<@Valid @NotNull Part> parts) {}

  /** A part of it. */
  public record Part(@Max(3) int size) {}

  @POST
  public Body echo(@Valid @NotNull Body body) {
    return body;
  }

  /** The same on the event loop. */
  @POST
  @Path("/later")
  public Uni<Body> later(@Valid @NotNull Body body) {
    return Uni.createFrom().item(body);
  }

  @GET
  public String pause(
      @QueryParam("wait") Duration wait, @QueryParam("limit") @Max(5) Integer limit) {
    if (limit != null && limit == 1) {
      throw new IllegalStateException("password=hunter2");
    }
    return wait.toString();
  }
}
