package dev.floe.cli.demo;

import dev.floe.cli.Session;
import dev.floe.cli.local.Build;
import dev.floe.cli.output.Progress;
import dev.floe.local.python.PythonEnvironments;
import dev.floe.local.python.PythonInterpreter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What takes long the first time: the services are built while Python packages are installed. */
final class Preparation {
  private final Session session;
  private final WeatherExample example;
  private final PythonEnvironments environments;

  Preparation(Session session, WeatherExample example) {
    this.session = session;
    this.example = example;
    this.environments = PythonEnvironments.at(session.home(), session.environment());
  }

  void run() {
    PythonInterpreter.find(session.environment());
    var python =
        CompletableFuture.runAsync(() -> {
          environment("Dagster", example.dagsterRequirements());
          environment("dlt and dbt", example.requirements());
        });
    var build = CompletableFuture.runAsync(this::build);
    join(build);
    join(python);
  }

  /** The Python that the jobs run on. */
  Path python() {
    return environments.prepare(example.requirements(), words -> {}).python();
  }

  private void build() {
    try {
      new Build(session).services(example.checkout());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void environment(String what, Path requirements) {
    if (environments.find(requirements).isPresent()) {
      return;
    }
    Progress.Step step = session.progress().step("installing Python packages: " + what);
    try {
      environments.prepare(requirements, words -> {});
      step.done("Python packages: " + what);
    } catch (RuntimeException e) {
      step.failed("Python packages: " + what);
      throw e;
    }
  }

  private static void join(CompletableFuture<Void> task) {
    try {
      task.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }
}
