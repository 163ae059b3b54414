package dev.floe.launcher.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.Names;
import dev.floe.contract.run.RunEvent;
import dev.floe.kit.problem.FloeException;
import dev.floe.launcher.feed.FeedService;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens to one run, as Server-Sent Events. */
@Path(Names.API + "/runs/{id}/events")
@Tag(name = "runs")
public class RunEventsResource {
  private final FeedService feed;
  private final ObjectMapper json;

  RunEventsResource(FeedService feed, ObjectMapper json) {
    this.feed = feed;
    this.json = json;
  }

  @GET
  @ExistingRun
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Everything that happened and happens to the run, until it has ended",
      description =
          "`id` is what Last-Event-ID takes back, `event` the type, `data` a RunEvent. Comments"
              + " keep a silent stream open.")
  public Multi<OutboundSseEvent> follow(
      @PathParam("id") String id,
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
      @Context Sse sse) {
    return feed.follow(id, sequence(lastEventId))
        .onItem()
        .transformToMultiAndConcatenate(batch ->
            batch.events().isEmpty()
                ? Multi.createFrom().item(sse.newEventBuilder().comment("still here").build())
                : Multi.createFrom().iterable(batch.events()).map(event -> write(sse, event)));
  }

  private OutboundSseEvent write(Sse sse, RunEvent event) {
    try {
      return sse.newEventBuilder()
          .id(Long.toString(event.sequence()))
          .name(event.type())
          .data(String.class, json.writeValueAsString(event))
          .build();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long sequence(@Nullable String lastEventId) {
    if (lastEventId == null || lastEventId.isBlank()) {
      return 0;
    }
    try {
      return Long.parseLong(lastEventId.strip());
    } catch (NumberFormatException e) {
      throw FloeException.invalid("Last-Event-ID", "is not an id that an event of this stream had");
    }
  }
}
