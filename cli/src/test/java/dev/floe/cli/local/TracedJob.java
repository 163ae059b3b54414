package dev.floe.cli.local;

import com.google.protobuf.ByteString;
import dev.floe.local.home.Endpoints;
import dev.floe.local.home.FloeHome;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A job that sends a span of its own below the one it was started under, and ends when a file is
 * there; called for as an orchestrator does that traces itself.
 */
final class TracedJob {
  static final String IMAGE = "floe.local/traced:1";
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String CALLER = "00f067aa0ba902b7";
  static final String SPAN = "what the job did";

  private static final String TRACE_HOLE = "T".repeat(16);
  private static final String PARENT_HOLE = "P".repeat(8);

  private final Path source;

  /**
   * @param source folder that the image is made of
   */
  TracedJob(Path source) throws IOException {
    this.source = source;
    Files.createDirectories(source);
    Files.write(source.resolve("span.pb"), request().toByteArray());
    Files.writeString(
        source.resolve("job.py"),
        """
        import os, pathlib, time, urllib.request
        _, trace, parent, _ = os.environ["TRACEPARENT"].split("-")
        body = pathlib.Path("span.pb").read_bytes()
        body = body.replace(b"%s", bytes.fromhex(trace)).replace(b"%s", bytes.fromhex(parent))
        name, value = os.environ["OTEL_EXPORTER_OTLP_HEADERS"].split("=", 1)
        url = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
        headers = {name: value, "content-type": "application/x-protobuf"}
        urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60)
        while not os.path.exists(os.environ["GATE"]):
            time.sleep(0.1)
        """
            .formatted(TRACE_HOLE, PARENT_HOLE));
  }

  private static ExportTraceServiceRequest request() {
    var span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFromUtf8(TRACE_HOLE))
            .setSpanId(ByteString.copyFromUtf8("S".repeat(8)))
            .setParentSpanId(ByteString.copyFromUtf8(PARENT_HOLE))
            .setName(SPAN)
            .setStartTimeUnixNano(1)
            .setEndTimeUnixNano(2);
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }

  Path source() {
    return source;
  }

  /** Lets the job end. */
  void end() throws IOException {
    Files.createFile(gate());
  }

  private Path gate() {
    return source.resolveSibling("gate");
  }

  /** Calls for a run, with the caller's span in the call; the answer's body. */
  String submit(Path home) throws IOException, InterruptedException {
    var endpoints = Endpoints.read(FloeHome.at(home)).orElseThrow();
    var body =
        """
        {"platform": "probe", "domain": "probe", "product": "traced", "kind": "custom",
         "image": "%s", "command": ["python3", "job.py"], "env": {"GATE": "%s"}}
        """
            .formatted(IMAGE, gate());
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(endpoints.jobLauncher().resolve("/api/v1/runs"))
                  .header("authorization", "Bearer " + token(endpoints))
                  .header("content-type", "application/json")
                  .header("idempotency-key", "one trace")
                  .header("traceparent", "00-%s-%s-01".formatted(TRACE, CALLER))
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString(StandardCharsets.UTF_8))
          .body();
    }
  }

  private static String token(Endpoints endpoints) throws IOException {
    return Files.readAllLines(endpoints.tokenFile()).getFirst();
  }
}
