package dev.floe.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The GraphQL API of a Dagster webserver, as far as a demo needs it. */
final class Dagster {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** The class of Dagster's error while a code location does not answer. */
  private static final String NOT_UP_YET = "DagsterUserCodeUnreachableError";

  private static final String JOBS =
      """
      { workspaceOrError { __typename
          ... on PythonError { message }
          ... on Workspace { locationEntries { name loadStatus locationOrLoadError { __typename
            ... on PythonError { className message }
            ... on RepositoryLocation { repositories { name jobs { name } } } } } } } }
      """;
  private static final String LAUNCH =
      """
      mutation Launch($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
          ... on LaunchRunSuccess { run { runId } }
          ... on Error { message }
          ... on RunConfigValidationInvalid { errors { message } } } }
      """;
  private static final String RUN =
      """
      query Run($id: ID!) { runOrError(runId: $id) { __typename
          ... on Run { status }
          ... on Error { message } } }
      """;
  private static final String UNFINISHED =
      """
      query Unfinished($filter: RunsFilter!) { runsOrError(filter: $filter) { __typename
          ... on Runs { results { runId } }
          ... on Error { message } } }
      """;
  private static final String TERMINATE =
      """
      mutation Terminate($id: String!) {
        terminateRun(runId: $id, terminatePolicy: MARK_AS_CANCELED_IMMEDIATELY) { __typename
          ... on Error { message } } }
      """;

  private final URI graphql;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * @param url of the webserver
   */
  Dagster(String url) {
    this.graphql = URI.create(url.replaceAll("/+$", "") + "/graphql");
  }

  /** Where a job is defined. */
  record JobSelector(String repositoryLocationName, String repositoryName, String jobName) {}

  /** Finds a job in any code location; empty while the location is coming up or being loaded. */
  Optional<JobSelector> find(String job) {
    var workspace = ask(JOBS, Map.of()).path("workspaceOrError");
    check(workspace, "Workspace");
    for (var entry : workspace.path("locationEntries")) {
      var location = entry.path("locationOrLoadError");
      if (location.path("className").asText().equals(NOT_UP_YET)) {
        continue;
      }
      if (location.path("__typename").asText().equals("PythonError")) {
        throw failed(
            "code location %s can't be loaded: %s"
                .formatted(entry.path("name").asText(), location.path("message").asText().strip()));
      }
      for (var repository : location.path("repositories")) {
        for (var defined : repository.path("jobs")) {
          if (defined.path("name").asText().equals(job)) {
            return Optional.of(
                new JobSelector(
                    entry.path("name").asText(), repository.path("name").asText(), job));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Starts a run of a job and answers its id. */
  String launch(JobSelector job, Map<String, String> tags) {
    var params =
        Map.of(
            "selector",
            job,
            "runConfigData",
            "{}",
            "executionMetadata",
            Map.of("tags", tags(tags)));
    var launched = ask(LAUNCH, Map.of("params", params)).path("launchRun");
    check(launched, "LaunchRunSuccess");
    return launched.path("run").path("runId").asText();
  }

  /** The status of a run, one of Dagster's {@code RunStatus}. */
  String status(String runId) {
    var run = ask(RUN, Map.of("id", runId)).path("runOrError");
    check(run, "Run");
    return run.path("status").asText();
  }

  /** Ids of runs with these tags that have not ended. */
  List<String> unfinished(Map<String, String> tags) {
    var filter =
        Map.of(
            "tags",
            tags(tags),
            "statuses",
            List.of("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING"));
    var runs = ask(UNFINISHED, Map.of("filter", filter)).path("runsOrError");
    check(runs, "Runs");
    return StreamSupport.stream(runs.path("results").spliterator(), false)
        .map(run -> run.path("runId").asText())
        .toList();
  }

  /** Has a run end, also where nothing is left that could end it. */
  void terminate(String runId) {
    ask(TERMINATE, Map.of("id", runId));
  }

  private static List<Map<String, String>> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Map.of("key", tag.getKey(), "value", tag.getValue()))
        .toList();
  }

  private JsonNode ask(String query, Map<String, ?> variables) {
    try {
      var body = Output.JSON.writeValueAsString(Map.of("query", query, "variables", variables));
      var request =
          HttpRequest.newBuilder(graphql)
              .timeout(ANSWER)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
      var answer = http.send(request, BodyHandlers.ofString());
      var tree = Output.JSON.readTree(answer.body());
      if (tree.has("errors")) {
        throw failed(tree.path("errors").path(0).path("message").asText());
      }
      return tree.path("data");
    } catch (JsonProcessingException e) {
      throw failed("it answered no JSON").because(e);
    } catch (IOException e) {
      throw new CommandFailure(
              ExitCode.UNREACHABLE,
              "Dagster at %s does not answer.".formatted(graphql),
              "floe platform status " + WeatherExample.PLATFORM,
              "floe platform logs dagster")
          .because(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }

  private static void check(JsonNode answer, String expected) {
    if (!answer.path("__typename").asText().equals(expected)) {
      var message =
          answer.path("message").asText(answer.path("errors").path(0).path("message").asText());
      throw failed(answer.path("__typename").asText() + ": " + message.strip());
    }
  }

  private static CommandFailure failed(String message) {
    return new CommandFailure(
        ExitCode.FAILED, "Dagster: " + message + ".", "floe platform logs dagster");
  }
}
