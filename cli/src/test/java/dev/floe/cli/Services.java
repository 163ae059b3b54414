package dev.floe.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.floe.local.home.Endpoints;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;

/**
 * All three services on one port: answers what a test prepared, refuses a wrong token, and
 * remembers what it was asked.
 */
public final class Services implements AutoCloseable {
  private static final String TOKEN = "the-token";

  private final HttpServer server;
  private final Map<String, Queue<Answer>> answers = new HashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** An answer of a service. */
  public record Answer(
      int status, Map<String, String> headers, String body, Charset charset, Then then) {
    public static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body, StandardCharsets.UTF_8, Then.END);
    }

    /** The same, with one byte for each character. */
    public Answer inBytes() {
      return new Answer(status, headers, body, StandardCharsets.ISO_8859_1, then);
    }

    public Answer header(String name, String value) {
      var more = new HashMap<>(headers);
      more.put(name, value);
      return new Answer(status, more, body, charset, then);
    }

    /** The same, but the connection breaks before the announced end. */
    public Answer brokenOff() {
      return new Answer(status, headers, body, charset, Then.BREAK_OFF);
    }

    /** The same, but the answer never ends. */
    public Answer thenSilent() {
      return new Answer(status, headers, body, charset, Then.SILENCE);
    }

    /** The same, but it comes only after {@link #release}. */
    public Answer afterRelease() {
      return new Answer(status, headers, body, charset, Then.END_AFTER_RELEASE);
    }
  }

  /** What follows the body of an answer. */
  private enum Then {
    END,
    END_AFTER_RELEASE,
    BREAK_OFF,
    SILENCE
  }

  /** What a service was asked. */
  public record Request(String line, Map<String, List<String>> headers, String body) {}

  public Services() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * The next answer to a request, for example {@code GET /api/v1/runs}; the last one is repeated.
   *
   * @param request its method and path; {@code ?*} at its end stands for any query
   */
  public Services on(String request, Answer answer) {
    answers.computeIfAbsent(request, any -> new ArrayDeque<>()).add(answer);
    return this;
  }

  public Services on(String request, String body) {
    return on(request, Answer.of(200, body));
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Has a home lead here, as {@code floe local up} would. */
  public void writeTo(Path home) throws IOException {
    var floeHome = FloeHome.at(home);
    PrivateFiles.write(floeHome.token(), TOKEN + "\n");
    var url = URI.create(url());
    new Endpoints(url, url, url, url, url, floeHome.token()).write(floeHome);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      requests.add(new Request(line, Map.copyOf(exchange.getRequestHeaders()), body));
      write(exchange, answer(exchange, line), line);
    }
  }

  private synchronized Answer answer(HttpExchange exchange, String line) {
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return Answer.of(401, "{}");
    }
    var queue =
        answers.getOrDefault(line, answers.get(line.substring(0, line.indexOf('?') + 1) + "*"));
    if (queue == null) {
      return Answer.of(
          404,
          """
          {"type":"https://floe.dev/problems/not-found","title":"Not found","status":404,
           "detail":"There is nothing at %s.","errors":[]}
          """
              .formatted(line));
    }
    var next = queue.size() > 1 ? queue.poll() : queue.peek();
    return next == null ? Answer.of(500, "") : next;
  }

  /** Lets answers go that waited for it. */
  public void release() {
    released.countDown();
  }

  /** Waits until a request was answered, or its answer begun. */
  public void await(String request) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> begun.stream().anyMatch(request::equals));
  }

  private void write(HttpExchange exchange, Answer answer, String line) throws IOException {
    if (answer.then() == Then.END_AFTER_RELEASE) {
      await(released);
    }
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    var bytes = answer.body().getBytes(answer.charset());
    exchange.sendResponseHeaders(
        answer.status(),
        switch (answer.then()) {
          case BREAK_OFF -> bytes.length + 100L;
          case SILENCE -> 0; // chunked
          default -> bytes.length == 0 ? -1 : bytes.length;
        });
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    begun.add(line);
    if (answer.then() == Then.SILENCE) {
      await(closed);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
