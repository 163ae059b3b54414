package dev.floe.launcher.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.Names;
import dev.floe.launcher.feed.AllRunsFeed;
import dev.floe.launcher.feed.Place;
import dev.floe.launcher.feed.Placed;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens to all runs, as Server-Sent Events. */
@Path(Names.API + "/events")
@Tag(name = "runs")
public class EventsResource {
  private final AllRunsFeed feed;
  private final ObjectMapper json;

  EventsResource(AllRunsFeed feed, ObjectMapper json) {
    this.feed = feed;
    this.json = json;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Everything that happens to all runs from now on, or from Last-Event-ID on",
      description =
          "One connection for thousands of runs. The events of one run come in its order; `data`"
              + " is a RunEvent.")
  public Multi<OutboundSseEvent> follow(
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context Sse sse) {
    var after =
        lastEventId == null || lastEventId.isBlank() ? null : Place.parse(lastEventId.strip());
    return feed.follow(after)
        .onItem()
        .transformToMultiAndConcatenate(events ->
            events.isEmpty()
                ? Multi.createFrom().item(sse.newEventBuilder().comment("still here").build())
                : Multi.createFrom().iterable(events).map(placed -> write(sse, placed)));
  }

  private OutboundSseEvent write(Sse sse, Placed placed) {
    try {
      return sse.newEventBuilder()
          .id(placed.place().id())
          .name(placed.event().type())
          .data(String.class, json.writeValueAsString(placed.event()))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
