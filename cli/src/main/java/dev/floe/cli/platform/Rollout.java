package dev.floe.cli.platform;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.output.Progress;
import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseEvent;
import dev.floe.contract.platform.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A release, followed until its rollout has ended. */
public final class Rollout {
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private final Session session;
  private final Platforms platforms;

  public Rollout(Session session, Platforms platforms) {
    this.session = session;
    this.platforms = platforms;
  }

  /**
   * Shows each step, and waits for the end.
   *
   * @param done what a release that ended well has come to, for example {@code is deployed}
   * @return the release, in a final state
   * @throws CommandFailure with exit code 124 when it takes too long
   */
  public Release follow(Release begun, String done) {
    if (begun.state().terminal()) {
      return begun;
    }
    var step = session.progress().step(name(begun));
    var until = session.deadline(LONGEST);
    var release = begun;
    try (var _ =
        session.goesOn(
            capital(name(begun)) + " continues.", "floe platform status " + begun.platform())) {
      while (!release.state().terminal()) {
        var latest = new AtomicReference<>(release.state());
        if (!events(release, step, latest, until)) {
          throw new CommandFailure(
              ExitCode.TIMEOUT,
              "Timed out: %s is still %s.".formatted(name(release), latest),
              "floe platform status " + release.platform());
        }
        release = platforms.release(begun.platform(), begun.number());
      }
    } catch (RuntimeException e) {
      step.failed(name(release));
      throw e;
    }
    if (release.state() == ReleaseState.DEPLOYED) {
      step.done(name(release) + " " + done);
    } else {
      step.failed(name(release) + " is " + release.state());
    }
    return release;
  }

  /** A release that did not become what was asked for. */
  public static void check(Release release) {
    if (release.state() != ReleaseState.DEPLOYED) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "%s is %s%s"
              .formatted(
                  capital(name(release)),
                  release.state(),
                  release.message() == null ? "." : ": " + release.message()),
          List.of(),
          List.of(
              "floe platform status " + release.platform(),
              "floe platform logs COMPONENT --platform " + release.platform()));
    }
  }

  private boolean events(
      Release release, Progress.Step step, AtomicReference<ReleaseState> latest, Instant until) {
    return platforms
        .events(release.platform(), release.number())
        .follow(
            event -> {
              latest.set(event.state());
              return told(event, step);
            },
            until);
  }

  private boolean told(ReleaseEvent event, Progress.Step step) {
    step.now(
        event.component() == null ? event.message() : event.component() + ": " + event.message());
    if (event.type().equals("ManifestWarning")) {
      session.progress().warn(event.message());
    } else if (session.verbose() || event.type().equals("ComponentReady")) {
      session.progress().say("  " + line(event));
    }
    return !event.state().terminal();
  }

  private static String line(ReleaseEvent event) {
    return event.component() == null
        ? event.message()
        : "%s: %s".formatted(event.component(), event.message());
  }

  private static String name(Release release) {
    return "release %d of %s".formatted(release.number(), release.platform());
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
