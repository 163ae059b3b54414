package dev.floe.launcher.binding;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.Names;
import dev.floe.contract.platform.Bindings;
import dev.floe.kit.auth.Tokens;
import io.quarkus.arc.Arc;
import io.quarkus.rest.client.reactive.jackson.ClientObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** What job-launcher asks of platform-manager. */
@Path(Names.API + "/platforms")
@RegisterRestClient(configKey = "platform-manager")
@ClientHeaderParam(name = "Authorization", value = "{authorization}")
interface PlatformManagerClient {
  @GET
  @Path("/{platform}/bindings")
  Uni<Bindings> bindings(
      @PathParam("platform") String platform, @QueryParam("domain") String domain);

  default String authorization() {
    return Arc.container().instance(Tokens.class).get().authorization();
  }

  /** Reads also what a later platform-manager says. */
  @ClientObjectMapper
  static ObjectMapper tolerant(ObjectMapper mapper) {
    return mapper.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }
}
