package dev.floe.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.Deadline;
import dev.floe.cli.ExitCode;
import dev.floe.cli.input.SourceText;
import dev.floe.cli.output.Output;
import dev.floe.contract.Names;
import dev.floe.contract.Page;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One service's REST API; every failure is a {@link CommandFailure} with the contract's exit code.
 *
 * <p>No request waits without an end, also where the service accepts the connection and says
 * nothing: an answer has to come, and to be complete, within half a minute or the {@link Deadline}.
 */
public final class RestClient {
  private static final int NO_CONTENT = 204;

  /** What a header can carry after {@code Bearer}. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration FIRST_BYTE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(5);

  private final ServiceAddress address;
  private final Consumer<String> trace;
  private final @Nullable Deadline deadline;
  private final HttpClient http;
  private final Failures failures;

  /**
   * @param trace told about every request and its answer, without tokens
   * @param deadline when every request gives up with exit code 124; {@code null}: there is none
   */
  public RestClient(ServiceAddress address, Consumer<String> trace, @Nullable Deadline deadline) {
    this.address = address;
    this.trace = trace;
    this.deadline = deadline;
    this.failures = new Failures(address);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  public ServiceAddress address() {
    return address;
  }

  /** Reads one thing. */
  public <T> T get(Query path, Class<T> type) {
    return read(send(request(path).GET(), ANSWER, null), type);
  }

  /**
   * Reads one thing and lets the service take its time.
   *
   * @param wait how long the service may hold the answer back
   */
  public <T> T get(Query path, Class<T> type, Duration wait) {
    return read(send(request(path).GET(), ANSWER.plus(wait), null), type);
  }

  /**
   * Reads a list page by page.
   *
   * @param max how many at most
   */
  public <T> List<T> list(Query path, TypeReference<Page<T>> type, int max) {
    var items = new ArrayList<T>();
    String cursor = null;
    do {
      var limit = Math.min(max - items.size(), Page.MAX_LIMIT);
      var next = path.with("limit", limit).with("cursor", cursor);
      Page<T> page = read(send(request(next).GET(), ANSWER, null), type);
      items.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null && items.size() < max);
    return items;
  }

  /** Asks for something to be done; {@code idempotencyKey} makes it safe to ask again. */
  public <T> T post(
      Query path, @Nullable Body body, @Nullable String idempotencyKey, Class<T> type) {
    var request = withBody(request(path), "POST", body);
    if (idempotencyKey != null) {
      request.header(Names.IDEMPOTENCY_KEY, idempotencyKey);
    }
    return read(send(request, ANSWER, body), type);
  }

  /**
   * @param accept media type of the answer
   * @return the answer, as text
   */
  public String post(Query path, Body body, String accept) {
    var request = withBody(request(path), "POST", body).setHeader("Accept", accept);
    return text(send(request, ANSWER, body));
  }

  /** Replaces something. */
  public <T> T put(Query path, Body body, Class<T> type) {
    return read(send(withBody(request(path), "PUT", body), ANSWER, body), type);
  }

  /**
   * Removes something.
   *
   * @return what the service says about it; empty where it was removed already
   */
  public <T> Optional<T> delete(Query path, Class<T> type) {
    var response = send(request(path).DELETE(), ANSWER, null);
    return response.statusCode() == NO_CONTENT
        ? Optional.empty()
        : Optional.of(read(response, type));
  }

  /**
   * Opens a stream of text, such as a log that is followed.
   *
   * @param accept media type
   * @param lastEventId where to continue, for server-sent events
   */
  public Opened open(Query path, String accept, @Nullable String lastEventId) {
    var request = request(path).GET().setHeader("Accept", accept);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    var response = send(request, FIRST_BYTE, null);
    return new Opened(response.body(), response.headers());
  }

  /** The failure of an answer, or a part of one, that is not the API's; it is not tried again. */
  CommandFailure unreadable(JsonProcessingException cause) {
    return failures.unreadable(cause);
  }

  private HttpRequest.Builder request(Query path) {
    if (!TOKEN.matcher(address.token()).matches()) {
      throw failures.unusableToken();
    }
    return HttpRequest.newBuilder(uri(path))
        .header("Authorization", "Bearer " + address.token())
        .header("Accept", "application/json, application/problem+json");
  }

  private URI uri(Query path) {
    var base = address.url().toString().replaceAll("/+$", "");
    return URI.create(base + Names.API + path);
  }

  private static HttpRequest.Builder withBody(
      HttpRequest.Builder request, String method, @Nullable Body body) {
    return body == null
        ? request.method(method, BodyPublishers.noBody())
        : request
            .method(method, BodyPublishers.ofString(body.text()))
            .header("Content-Type", body.mediaType());
  }

  private HttpResponse<InputStream> send(
      HttpRequest.Builder builder, Duration longest, @Nullable Body body) {
    var until = Instant.now().plus(PATIENCE);
    while (true) {
      var response = once(builder.timeout(atMost(longest)).build());
      var status = response.statusCode();
      if (status < 300) {
        return response;
      }
      if ((status == 429 || status == 503) && Instant.now().isBefore(until)) {
        discard(response);
        pause(atMost(retryAfter(response)));
        continue;
      }
      throw failures.refused(status, text(response), body == null ? null : body.source());
    }
  }

  private HttpResponse<InputStream> once(HttpRequest request) {
    try {
      var began = System.nanoTime();
      var response = http.send(request, BodyHandlers.ofInputStream());
      trace.accept(
          "%s %s → %d (%d ms)"
              .formatted(
                  request.method(),
                  request.uri(),
                  response.statusCode(),
                  (System.nanoTime() - began) / 1_000_000));
      return response;
    } catch (HttpTimeoutException e) {
      throw late(e);
    } catch (IOException e) {
      throw failures.away(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private <T> T read(HttpResponse<InputStream> response, Class<T> type) {
    try {
      return Output.JSON.readValue(text(response), type);
    } catch (JsonProcessingException e) {
      throw failures.unreadable(e);
    }
  }

  private <T> T read(HttpResponse<InputStream> response, TypeReference<T> type) {
    try {
      return Output.JSON.readValue(text(response), type);
    } catch (JsonProcessingException e) {
      throw failures.unreadable(e);
    }
  }

  private String text(HttpResponse<InputStream> response) {
    var body = watched(response);
    try (body) {
      var bytes = body.readAllBytes();
      if (!body.isTimedOut()) {
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      if (!body.isTimedOut()) {
        throw failures.away(e);
      }
    }
    throw late(new HttpTimeoutException("the answer did not end in time"));
  }

  private WatchedStream watched(HttpResponse<InputStream> response) {
    return new WatchedStream(response.body(), Instant.now().plus(atMost(ANSWER)), null);
  }

  private CommandFailure late(HttpTimeoutException cause) {
    return deadline != null && deadline.isOver()
        ? failures.timedOut(deadline)
        : failures.slow(cause);
  }

  /** The shorter one of a time and what is left of the deadline. */
  private Duration atMost(Duration longest) {
    if (deadline == null) {
      return longest;
    }
    if (deadline.isOver()) {
      throw failures.timedOut(deadline);
    }
    var left = deadline.left().plusMillis(1); // a request's timeout is positive
    return left.compareTo(longest) < 0 ? left : longest;
  }

  private void discard(HttpResponse<InputStream> response) {
    try (var body = watched(response)) {
      body.readAllBytes();
    } catch (IOException e) {
      // the answer is not wanted
    }
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    var header = response.headers().firstValue("Retry-After").orElse("1");
    var asked = header.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(header)) : CONNECT;
    return asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked;
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static CommandFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
  }

  /**
   * A stream that was opened.
   *
   * @param body to be closed by the caller
   */
  public record Opened(InputStream body, HttpHeaders headers) {
    public Optional<String> header(String name) {
      return headers.firstValue(name);
    }
  }

  /**
   * What is sent.
   *
   * @param mediaType its Content-Type
   * @param source what the user wrote, for showing the place of an error
   */
  public record Body(String mediaType, String text, @Nullable SourceText source) {
    public static Body json(Object value) {
      return json(value, null);
    }

    public static Body json(Object value, @Nullable SourceText source) {
      try {
        return new Body("application/json", Output.JSON.writeValueAsString(value), source);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(e);
      }
    }

    public static Body yaml(SourceText source) {
      return new Body("application/yaml", source.text(), source);
    }
  }
}
