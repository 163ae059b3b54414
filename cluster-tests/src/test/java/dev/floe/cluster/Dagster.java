package dev.floe.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** The Dagster of a platform, asked as its own page asks it. */
final class Dagster {
  private static final int PORT = 3000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final String namespace;

  Dagster(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Launches a job of the code location {@code weather} and answers Dagster's run id. */
  String launch(String job) {
    var answer =
        ask(
            """
            mutation Launch($parameters: ExecutionParams!) {
              launchRun(executionParams: $parameters) {
                __typename
                ... on LaunchRunSuccess { run { runId } }
                ... on PythonError { message }
              }
            }
            """,
            Map.of(
                "parameters",
                Map.of(
                    "selector",
                    Map.of(
                        "repositoryLocationName",
                        "weather",
                        "repositoryName",
                        "__repository__",
                        "jobName",
                        job),
                    "runConfigData",
                    Map.of())));
    var id = answer.path("launchRun").path("run").path("runId").asText();
    if (id.isEmpty()) {
      throw new AssertionError("Dagster did not launch " + job + ": " + answer);
    }
    return id;
  }

  /** Where a run stands: {@code STARTED}, {@code SUCCESS}, {@code FAILURE} and so on. */
  String status(String runId) {
    return ask(
            """
            query Status($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }
            """,
            Map.of("id", runId))
        .path("runOrError")
        .path("status")
        .asText();
  }

  private JsonNode ask(String query, Map<String, Object> variables) {
    try (var door = Door.toPod(client, webserver(), PORT)) {
      var answer =
          door.post("/graphql", JSON.valueToTree(Map.of("query", query, "variables", variables)));
      if (answer.has("errors")) {
        throw new AssertionError(answer.path("errors").toString());
      }
      return answer.path("data");
    }
  }

  private Pod webserver() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabels(Map.of(Names.Labels.NAME, "dagster", Names.Labels.COMPONENT, "webserver"))
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getStatus().getPhase().equals("Running"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no webserver runs in " + namespace));
  }
}
