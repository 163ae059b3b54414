package dev.floe.local.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON files that a supervisor and its clients leave for each other in a process's folder. */
final class SupervisedFiles {
  static final String SPEC = "spec.json";
  static final String PROCESS = "process.json";
  static final String EXIT = "exit.json";
  static final String STOP = "stop";
  static final ObjectMapper JSON = new ObjectMapper();

  private SupervisedFiles() {}

  static ObjectNode json(String uid, ProcessSpec spec) {
    var tree = JSON.createObjectNode();
    tree.put("uid", uid);
    tree.put("mode", spec.mode() == ProcessSpec.Mode.SERVICE ? "service" : "once");
    var command = tree.putArray("command");
    spec.command().forEach(command::add);
    var environment = tree.putObject("env");
    new TreeMap<>(spec.environment()).forEach(environment::put);
    tree.put("workdir", spec.workdir().toString());
    if (spec.timeout() != null) {
      tree.put("timeoutSeconds", seconds(spec.timeout()));
    }
    tree.put("graceSeconds", seconds(spec.grace()));
    tree.put("stopSignal", spec.stopSignal());
    if (spec.memoryBytes() != null) {
      tree.put("memoryBytes", spec.memoryBytes());
    }
    tree.put("logMaxBytes", spec.logMaxBytes());
    tree.putObject("restart")
        .put("initialSeconds", seconds(spec.restart().initial()))
        .put("maxSeconds", seconds(spec.restart().max()))
        .put("resetSeconds", seconds(spec.restart().reset()));
    return tree;
  }

  static Optional<JsonNode> read(Path file) throws IOException {
    var text = PrivateFiles.read(file);
    return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(text.get()));
  }

  static Ending ending(JsonNode tree) {
    return new Ending(
        Ending.Reason.of(tree.path("reason").asText()),
        number(tree.get("exitCode")),
        number(tree.get("signal")),
        tree.path("message").asText(),
        instant(tree.path("startedAt"), tree.path("finishedAt")),
        instant(tree.path("finishedAt"), tree.path("startedAt")));
  }

  static Instant instant(JsonNode first, JsonNode otherwise) {
    var node = first.isTextual() ? first : otherwise;
    return node.isTextual() ? Instant.parse(node.asText()) : Instant.EPOCH;
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static OptionalInt number(@Nullable JsonNode node) {
    return node == null || !node.isNumber() ? OptionalInt.empty() : OptionalInt.of(node.asInt());
  }
}
