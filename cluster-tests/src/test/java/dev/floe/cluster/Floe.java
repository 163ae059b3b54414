package dev.floe.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.test.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code floe} command as it was built, with a home of its own. */
final class Floe {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Cluster cluster;

  Floe(Path home, Cluster cluster) {
    this.home = home;
    this.cluster = cluster;
  }

  /** Types {@code floe …}. */
  Command type(Duration atMost, String... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-jar");
    command.add(Checkout.file("cli/target/floe-cli.jar").toString());
    command.addAll(List.of(words));
    return Command.run(
        command,
        Map.of("FLOE_HOME", home.toString(), "KUBECONFIG", cluster.kubeconfig().toString()),
        atMost);
  }

  /** Types {@code floe … -o json}, which must work. */
  JsonNode ask(String... words) {
    var command = new ArrayList<>(List.of(words));
    command.add("-o");
    command.add("json");
    var answer = type(Duration.ofMinutes(1), command.toArray(String[]::new)).worked();
    try {
      return JSON.readTree(answer.out());
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer.words() + " answered no JSON:\n" + answer.out(), e);
    }
  }
}
