package dev.floe.cli.demo;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.local.Suite;
import dev.floe.cli.output.Progress;
import dev.floe.cli.platform.IfBusy;
import dev.floe.cli.platform.ManifestFile;
import dev.floe.cli.platform.Platforms;
import dev.floe.cli.platform.Rollout;
import dev.floe.contract.platform.PlatformStatus.ComponentStatus;
import dev.floe.contract.platform.ReleaseState;
import dev.floe.local.image.LocalImages;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** The way from a source tree to a finished pipeline; each step can be repeated. */
final class Demo {
  private final Session session;
  private final WeatherExample example;
  private final Preparation preparation;

  Demo(Session session, WeatherExample example) {
    this.session = session;
    this.example = example;
    this.preparation = new Preparation(session, example);
  }

  ExitCode run(boolean broken) throws IOException {
    var began = System.nanoTime();
    try (var _ =
        session.goesOn("What was started continues.", "./floe demo", "./floe local down")) {
      preparation.run();
      var endpoints =
          new Suite(session).up(new Suite.Programs(example.checkout(), false), Map.of());
      session.reconnect();
      var images = LocalImages.at(session.home());
      for (var image : example.images()) {
        images.add(image);
      }
      var dagsterUrl = deploy();
      var outcome =
          new PipelineRun(session, new Dagster(dagsterUrl))
              .run(broken ? WeatherExample.BROKEN_JOB : WeatherExample.JOB);
      var story = new DemoStory(session, endpoints, dagsterUrl);
      story.runs(outcome);
      if (outcome.succeeded()) {
        story.mart(Mart.read(session, preparation.python()));
      } else {
        story.explanation(outcome);
      }
      story.whereToGo(broken);
      session
          .progress()
          .say("Took " + Progress.seconds(Duration.ofNanos(System.nanoTime() - began)) + ".");
      return outcome.succeeded() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  /** Deploys the platform and answers where Dagster is. */
  private String deploy() {
    var platforms = new Platforms(session);
    var manifest = ManifestFile.read(example.manifest(), session.stdin());
    if (!isUp(platforms, manifest)) {
      Rollout.check(
          new Rollout(session, platforms)
              .follow(platforms.deploy(manifest, null, false, IfBusy.REPLACE), "is deployed"));
    }
    return platforms.status(WeatherExample.PLATFORM).components().stream()
        .filter(component -> component.kind().equals("orchestrator"))
        .map(ComponentStatus::url)
        .filter(url -> url != null && !url.isBlank())
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.FAILED,
                "Platform %s does not say where its Dagster is.".formatted(WeatherExample.PLATFORM),
                "floe platform status " + WeatherExample.PLATFORM));
  }

  /** Whether the platform is there, ready, and just as the manifest has it. */
  private boolean isUp(Platforms platforms, ManifestFile manifest) {
    var known =
        platforms.list().stream()
            .anyMatch(status ->
                status.platform().equals(manifest.platform())
                    && status.state() == ReleaseState.DEPLOYED
                    && status.ready());
    if (!known || !platforms.diff(manifest, null).changes().isEmpty()) {
      return false;
    }
    session.progress().say("Platform " + manifest.platform() + " is up.");
    return true;
  }
}
