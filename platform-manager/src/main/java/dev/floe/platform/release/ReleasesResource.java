package dev.floe.platform.release;

import dev.floe.contract.Names;
import dev.floe.contract.Page;
import dev.floe.contract.platform.JobRunDetails;
import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseEvent;
import dev.floe.kit.problem.FloeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** History of a platform: its releases and how each rollout went. */
@Path(Names.API + "/platforms")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Releases")
public class ReleasesResource {
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private final ReleaseJournal journal;
  private final ReleaseFeed feed;

  ReleasesResource(ReleaseJournal journal, ReleaseFeed feed) {
    this.journal = journal;
    this.feed = feed;
  }

  @GET
  @Path("/{name}/releases")
  @Operation(summary = "Releases, the newest first")
  public Uni<Page<Release>> list(
      @PathParam("name") String name,
      @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT)
          int limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int before = cursor == null ? Integer.MAX_VALUE : number(cursor);
    return journal
        .platform(name)
        .chain(() -> journal.releases(name, before, limit + 1))
        .map(rows -> {
          var shown = rows.stream().limit(limit).map(StoredRelease::shown).toList();
          return new Page<>(
              shown, rows.size() > limit ? String.valueOf(shown.getLast().number()) : null);
        });
  }

  @GET
  @Path("/{name}/releases/{number}")
  @Operation(summary = "A release; with wait, when it has ended or the time is over")
  public Uni<Release> get(
      @PathParam("name") String name,
      @PathParam("number") int number,
      @QueryParam("wait") @Nullable Duration wait) {
    if (wait == null || wait.isZero() || wait.isNegative()) {
      return journal.get(name, number).map(StoredRelease::shown);
    }
    return feed.awaitEnd(name, number, wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait)
        .map(StoredRelease::shown);
  }

  @GET
  @Path("/{name}/releases/{number}/jobs")
  @Operation(summary = "Jobs that ran once, whose end the rollout of the release saw, with logs")
  public Uni<Page<JobRunDetails>> jobs(
      @PathParam("name") String name, @PathParam("number") int number) {
    return journal.jobRuns(name, number).map(runs -> new Page<>(runs, null));
  }

  @GET
  @Path("/{name}/releases/{number}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "The journal of a release as it is written, from the start or Last-Event-ID")
  public Multi<OutboundSseEvent> events(
      @PathParam("name") String name,
      @PathParam("number") int number,
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
      @Context Sse sse) {
    long after = lastEventId == null || lastEventId.isBlank() ? 0 : sequence(lastEventId);
    return feed.follow(name, number, after).onItem().transformToIterable(batch -> sent(batch, sse));
  }

  private static List<OutboundSseEvent> sent(ReleaseFeed.Batch batch, Sse sse) {
    return batch.events().isEmpty() && !batch.last()
        ? List.of(sse.newEventBuilder().comment("still here").build())
        : batch.events().stream().map(event -> sent(event, sse)).toList();
  }

  private static OutboundSseEvent sent(ReleaseEvent event, Sse sse) {
    return sse.newEventBuilder()
        .id(String.valueOf(event.sequence()))
        .name(event.type())
        .mediaType(MediaType.APPLICATION_JSON_TYPE)
        .data(ReleaseEvent.class, event)
        .build();
  }

  private static int number(String cursor) {
    try {
      return Integer.parseInt(cursor);
    } catch (NumberFormatException e) {
      throw FloeException.invalid("cursor", "is none that this list gave");
    }
  }

  private static long sequence(String id) {
    try {
      return Long.parseLong(id.strip());
    } catch (NumberFormatException e) {
      throw FloeException.invalid("Last-Event-ID", "is none that this stream gave");
    }
  }
}
