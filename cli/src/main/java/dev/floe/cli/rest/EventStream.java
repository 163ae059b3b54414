package dev.floe.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (WHATWG HTML §9.2), taken up again after the last one seen when the connection
 * breaks or has been silent for a minute.
 */
public final class EventStream<T> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Services send a comment every 15 s: after four of them the connection is believed dead. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final RestClient client;
  private final Query path;
  private final Class<T> type;
  private @Nullable String lastId;

  public EventStream(RestClient client, Query path, Class<T> type) {
    this.client = client;
    this.path = path;
    this.type = type;
  }

  /**
   * Hands over each event until somebody has seen enough.
   *
   * @param more told each event; answers whether to continue
   * @param until when to stop at the latest; {@code null}: never
   * @return whether {@code more} said stop; otherwise the time was over
   */
  public boolean follow(Predicate<T> more, @Nullable Instant until) {
    return follow(more, () -> false, until);
  }

  /**
   * Hands over each event until somebody has seen enough or there are no more.
   *
   * @param more told each event; answers whether to continue
   * @param isOver asked when the service ended the stream without a further event; answers whether
   *     that is the end of all events
   * @param until when to stop at the latest; {@code null}: never
   * @return whether {@code more} or {@code isOver} said stop; otherwise the time was over
   */
  public boolean follow(Predicate<T> more, BooleanSupplier isOver, @Nullable Instant until) {
    var lastAnswer = Instant.now();
    while (until == null || Instant.now().isBefore(until)) {
      try (var in = open(until);
          var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        lastAnswer = Instant.now();
        var before = lastId;
        if (!read(reader, more)) {
          return true;
        }
        var endedByService = !in.isTimedOut() && !in.isSilent();
        if (endedByService && Objects.equals(before, lastId) && isOver.getAsBoolean()) {
          return true;
        }
        lastAnswer = Instant.now();
      } catch (CommandFailure e) {
        if (e.exitCode() == ExitCode.TIMEOUT && until != null && !Instant.now().isBefore(until)) {
          return false;
        }
        if (e.exitCode() != ExitCode.UNREACHABLE
            || e.getCause() == null
            || e.getCause() instanceof JsonProcessingException
            || Instant.now().isAfter(lastAnswer.plus(PATIENCE))) {
          throw e;
        }
      } catch (IOException e) {
        lastAnswer = Instant.now();
      }
      rest(until);
    }
    return false;
  }

  private WatchedStream open(@Nullable Instant until) {
    return new WatchedStream(client.open(path, "text/event-stream", lastId).body(), until, SILENCE);
  }

  private boolean read(BufferedReader reader, Predicate<T> more) throws IOException {
    var data = new StringBuilder();
    String id = null;
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        if (id != null) {
          lastId = id;
        }
        if (!data.isEmpty() && !more.test(event(data.toString()))) {
          return false;
        }
        data.setLength(0);
        id = null;
      } else if (line.startsWith("data:")) {
        data.append(data.isEmpty() ? "" : "\n").append(value(line));
      } else if (line.startsWith("id:")) {
        id = value(line);
      }
    }
    return true;
  }

  private T event(String data) {
    try {
      return Output.JSON.readValue(data, type);
    } catch (JsonProcessingException e) {
      throw client.unreadable(e);
    }
  }

  private static String value(String line) {
    var value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  private static void rest(@Nullable Instant until) {
    try {
      var left = until == null ? BETWEEN : Duration.between(Instant.now(), until);
      Thread.sleep(left.compareTo(BETWEEN) < 0 ? left : BETWEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }
}
