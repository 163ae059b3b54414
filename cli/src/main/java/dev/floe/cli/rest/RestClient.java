package dev.floe.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.floe.cli.CommandFailure;
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
import org.jspecify.annotations.Nullable;

/**
 * One service's REST API; every failure is a {@link CommandFailure} with the contract's exit code.
 */
public final class RestClient {
  private static final int NO_CONTENT = 204;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(5);

  private final ServiceAddress address;
  private final Consumer<String> trace;
  private final HttpClient http;
  private final Failures failures;

  /**
   * @param trace told about every request and its answer, without tokens
   */
  public RestClient(ServiceAddress address, Consumer<String> trace) {
    this.address = address;
    this.trace = trace;
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
   * @param lastEventId where to go on, for server-sent events
   */
  public Opened open(Query path, String accept, @Nullable String lastEventId) {
    var request = request(path).GET().setHeader("Accept", accept);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    var response = send(request, null, null);
    return new Opened(response.body(), response.headers());
  }

  private HttpRequest.Builder request(Query path) {
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
      HttpRequest.Builder builder, @Nullable Duration timeout, @Nullable Body body) {
    var request = (timeout == null ? builder : builder.timeout(timeout)).build();
    var until = Instant.now().plus(PATIENCE);
    while (true) {
      var response = once(request);
      var status = response.statusCode();
      if (status < 300) {
        return response;
      }
      if ((status == 429 || status == 503) && Instant.now().isBefore(until)) {
        discard(response);
        pause(retryAfter(response));
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
      throw failures.slow(e);
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
    try (var body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failures.away(e);
    }
  }

  private static void discard(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
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
