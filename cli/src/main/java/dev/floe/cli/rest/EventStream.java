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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (WHATWG HTML §9.2), taken up again after the last one seen when the connection
 * breaks.
 */
public final class EventStream<T> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
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
   * @param more told each event; answers whether to go on
   * @param until when to stop at the latest; {@code null}: never
   * @return whether {@code more} said stop; otherwise the time was over
   */
  public boolean follow(Predicate<T> more, @Nullable Instant until) {
    var lastAnswer = Instant.now();
    while (until == null || Instant.now().isBefore(until)) {
      try (var in = client.open(path, "text/event-stream", lastId).body();
          var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        lastAnswer = Instant.now();
        if (!read(reader, more, until)) {
          return true;
        }
        lastAnswer = Instant.now();
      } catch (CommandFailure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE
            || e.getCause() == null
            || Instant.now().isAfter(lastAnswer.plus(PATIENCE))) {
          throw e;
        }
      } catch (IOException e) {
        lastAnswer = Instant.now();
      }
      rest();
    }
    return false;
  }

  private boolean read(BufferedReader reader, Predicate<T> more, @Nullable Instant until)
      throws IOException {
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
      if (until != null && Instant.now().isAfter(until)) {
        return true;
      }
    }
    return true;
  }

  private T event(String data) throws IOException {
    try {
      return Output.JSON.readValue(data, type);
    } catch (JsonProcessingException e) {
      throw new IOException("an event that can't be read: " + data, e);
    }
  }

  private static String value(String line) {
    var value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  private static void rest() {
    try {
      Thread.sleep(BETWEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }
}
