package dev.floe.launcher.attempt;

import dev.floe.contract.EventReason;
import dev.floe.contract.run.AttemptState;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.log.LogCapture;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.verdict.VerdictClassifier;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes one attempt from being claimed to its recorded end, on a virtual thread of its own. Each
 * step reads how things stand, acts, and records; it may be cut off between any two lines and
 * repeated by this or another replica.
 */
final class AttemptFollower {
  private static final Logger LOG = Logger.getLogger(AttemptFollower.class);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration QUOTA_PAUSE = Duration.ofSeconds(10);
  private static final String QUOTA = "quota";
  private static final String DISK_FULL = "disk-full";

  private final AttemptKey key;
  private final Workbench bench;
  private final Bell bell = new Bell();
  private volatile boolean abandoned;
  private @Nullable LogCapture capture;
  private boolean announced;
  private boolean watching;
  private int told;
  private long tellAgainAt = System.nanoTime();

  AttemptFollower(AttemptKey key, Workbench bench) {
    this.key = key;
    this.bench = bench;
  }

  AttemptKey key() {
    return key;
  }

  /** Something may have changed: look now. */
  void wake() {
    bell.ring();
  }

  /** The attempt belongs to another replica: let go without writing. */
  void abandon() {
    abandoned = true;
    bell.ring();
  }

  /**
   * Follows until the attempt has ended, belongs to another replica, or the thread is interrupted.
   */
  void follow() {
    int failures = 0;
    try {
      while (!abandoned) {
        Optional<Duration> pause;
        try {
          pause = step();
          failures = 0;
        } catch (FencedException e) {
          LOG.debug(e.getMessage());
          return;
        } catch (StaleException e) {
          LOG.debug(e.getMessage());
          pause = Optional.of(AT_ONCE);
        } catch (RuntimeException | Error e) {
          pause = failed(e, failures++);
        }
        if (pause.isEmpty()) {
          return;
        }
        bell.await(pause.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      var running = capture;
      if (running != null) {
        running.abandon();
      }
    }
  }

  /**
   * A step failed, whatever it was: it is tried again until {@link FailureDecider} says that this
   * has lasted long enough. The pause before the next step, empty when there is none.
   */
  private Optional<Duration> failed(Throwable thrown, int failures) {
    var failure = Failure.of(thrown);
    if (failure.kind() == Failure.Kind.DATABASE) {
      bench.warnings().warn(key, failure, thrown);
      return Optional.of(backoff(failures));
    }
    try {
      var found = bench.journal().failed(key, failure.kind());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      bench.warnings().warn(key, failure, thrown);
      var now = found.get();
      var state = now.failing(toEnd(now));
      return switch (FailureDecider.decide(state, failure, bench.limits())) {
        case FailureDecider.Outcome.Retry() -> Optional.of(backoff(failures));
        case FailureDecider.Outcome.Stop(var verdict, var blind) -> {
          if (!isWaiting(now, blind)) {
            yield Optional.of(backoff(failures));
          }
          bench.journal().decide(key, verdict);
          yield Optional.of(AT_ONCE);
        }
        case FailureDecider.Outcome.End(var verdict, var observed) -> {
          var reason = checked(now, verdict);
          yield record(now, observed ? AttemptEnd.of(reason) : AttemptEnd.unobserved(reason));
        }
      };
    } catch (FencedException e) {
      LOG.debug(e.getMessage());
      return Optional.empty();
    } catch (RuntimeException e) {
      // Usually the database, without which nothing can be decided.
      bench.warnings().warn(key, Failure.of(e), e);
      return Optional.of(backoff(failures));
    }
  }

  /**
   * Whether nothing of the attempt runs yet, as its runtime says now.
   *
   * @param otherwise the answer where the look fails in an unexpected way
   */
  private boolean isWaiting(Situation now, boolean otherwise) {
    var attempt = now.attempt();
    try {
      return runtime().observe(attempt.ref()) instanceof Observation.Waiting waiting
          && waiting.uid().equals(attempt.uid());
    } catch (RuntimeException | Error e) {
      return otherwise && Failure.of(e).kind() == Failure.Kind.UNEXPECTED;
    }
  }

  /** A right is lost for a reason where platform-manager does not know the domain any more. */
  private Verdict checked(Situation now, Verdict verdict) {
    if (verdict.reason() != VerdictReason.RIGHTS_LOST) {
      return verdict;
    }
    return bench
        .namespaces()
        .undeclared(now.run().run().request())
        .map(why ->
            Verdict.of(VerdictReason.NAMESPACE_GONE, "%s. %s".formatted(why, verdict.message())))
        .orElse(verdict);
  }

  private Duration backoff(int failures) {
    var next = Duration.ofMillis(500).multipliedBy(1L << Math.min(failures, 10));
    var longest = bench.config().longestBackoff();
    return next.compareTo(longest) < 0 ? next : longest;
  }

  /** One step; the pause before the next, empty when there is none. */
  private Optional<Duration> step() throws InterruptedException {
    var found = bench.journal().look(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var now = found.get();
    var pause = step(now);
    if (pause.isPresent() && now.attempt().failing() != null) {
      bench.journal().recovered(key);
    }
    return pause;
  }

  private Optional<Duration> step(Situation now) throws InterruptedException {
    var verdict = toEnd(now);
    if (verdict != null) {
      return end(now, verdict);
    }
    return now.attempt().attempt().state() == AttemptState.LAUNCHING ? launch(now) : observe(now);
  }

  private static @Nullable Verdict toEnd(Situation now) {
    var decided = now.attempt().decided();
    if (decided != null) {
      return decided;
    }
    var stop = now.run().stopReason();
    if (stop == null) {
      return null;
    }
    return Verdict.of(
        stop,
        stop == VerdictReason.RUN_TIMEOUT
            ? "The run's time was over before attempt %d ended"
                .formatted(now.attempt().key().number())
            : "Cancelled");
  }

  private Optional<Duration> launch(Situation now) {
    var attempt = now.attempt();
    var ref = attempt.ref();
    watch(now);
    var uid = attempt.uid();
    if (uid == null) {
      try {
        uid = runtime().create(now.spec(bench.timeout(now)));
      } catch (LaunchRefusedException e) {
        return refused(now, e.obstacle());
      }
      if (!bench.journal().adopt(key, uid)) {
        // Not adopted is what may be removed, never what the row names.
        if (!bench.journal().names(key, uid)) {
          runtime().delete(ref, uid);
        }
        return Optional.of(AT_ONCE);
      }
    }
    var denied = release(now, uid);
    if (denied.isPresent()) {
      return denied;
    }
    bench.journal().released(key, bench.config().launchTimeout());
    if (!announced) {
      announced = true;
      runtime()
          .announce(
              ref,
              uid,
              EventReason.ATTEMPT_STARTED,
              "Attempt %d was started".formatted(key.number()));
    }
    return Optional.of(AT_ONCE);
  }

  private Optional<Duration> refused(Situation now, Obstacle obstacle) {
    var verdict = VerdictClassifier.refused(obstacle);
    if (verdict.isPresent()) {
      return record(now, AttemptEnd.of(verdict.get()));
    }
    hold(now, obstacle);
    return Optional.of(QUOTA_PAUSE);
  }

  /**
   * Lets the adopted object run.
   *
   * @return the pause before the next step where it does not run; empty where it does
   */
  private Optional<Duration> release(Situation now, String uid) {
    var ref = now.attempt().ref();
    try {
      runtime().release(ref, uid);
      return Optional.empty();
    } catch (LaunchRefusedException e) {
      return denied(now, e.obstacle());
    } catch (RuntimeException e) {
      if (!now.launchTimedOut()
          || !(runtime().observe(ref) instanceof Observation.Waiting waiting)
          || !waiting.uid().equals(uid)
          || !waiting.suspended()) {
        throw e;
      }
      var words = "It could not be let run within the launch timeout: " + e.getMessage();
      bench.journal().decide(key, Verdict.of(VerdictReason.LAUNCH_TIMEOUT, words));
      return Optional.of(AT_ONCE);
    }
  }

  /** The runtime refuses to let the adopted object run. */
  private Optional<Duration> denied(Situation now, Obstacle obstacle) {
    var verdict = VerdictClassifier.refused(obstacle);
    if (verdict.isEmpty()) {
      hold(now, obstacle);
      return Optional.of(QUOTA_PAUSE);
    }
    bench.journal().decide(key, verdict.get());
    return Optional.of(AT_ONCE);
  }

  private void hold(Situation now, Obstacle obstacle) {
    var reason = obstacle.kind() == Obstacle.Kind.DISK_FULL ? DISK_FULL : QUOTA;
    if (!reason.equals(now.run().run().waitingFor()) || now.launchTimedOut()) {
      LOG.infof(
          "run=%s attempt=%d: waits for %s: %s",
          key.runId(), key.number(), reason, obstacle.message());
      bench.journal().held(key, reason, bench.config().launchTimeout());
    }
  }

  private Optional<Duration> observe(Situation now) throws InterruptedException {
    var ref = now.attempt().ref();
    var uid = Objects.requireNonNull(now.attempt().uid());
    watch(now);
    return switch (runtime().observe(ref)) {
      case Observation.Waiting waiting when waiting.uid().equals(uid) -> waiting(now, waiting);
      case Observation.Running running when running.uid().equals(uid) -> {
        startCapture(now);
        if (now.attempt().attempt().state() != AttemptState.RUNNING) {
          bench.journal().running(key, running);
        }
        yield Optional.of(bench.config().lookWhileRunning());
      }
      case Observation.Ended ended when ended.uid().equals(uid) -> {
        drain(now);
        yield record(now, AttemptEnd.of(verdict(now, null, ended), ended));
      }
      default ->
          record(
              now,
              AttemptEnd.of(
                  Verdict.of(
                      VerdictReason.JOB_DELETED,
                      "%s was removed while it was needed".formatted(ref.name()))));
    };
  }

  private Optional<Duration> waiting(Situation now, Observation.Waiting seen) {
    var obstacle = seen.obstacle();
    if (obstacle != null && obstacle.kind() == Obstacle.Kind.QUOTA) {
      hold(now, obstacle);
      return Optional.of(QUOTA_PAUSE);
    }
    // What has run already has been launched in time: its object is about to say how it ended.
    if (now.attempt().attempt().state() != AttemptState.RUNNING) {
      var verdict = overdue(now, obstacle);
      if (verdict.isPresent()) {
        bench.journal().decide(key, verdict.get());
        return Optional.of(AT_ONCE);
      }
    }
    if (seen.suspended()) {
      var denied = release(now, seen.uid());
      if (denied.isPresent()) {
        return denied;
      }
    }
    return Optional.of(obstacle == null ? bench.config().lookWhileWaiting() : SOON);
  }

  /** The verdict of what does not start: the obstacle is final, or its time is over. */
  private static Optional<Verdict> overdue(Situation now, @Nullable Obstacle obstacle) {
    var verdict =
        obstacle == null
            ? Optional.<Verdict>empty()
            : VerdictClassifier.blocked(obstacle, now.waited());
    return verdict.isEmpty() && now.launchTimedOut()
        ? Optional.of(VerdictClassifier.launchTimedOut(obstacle, now.waited()))
        : verdict;
  }

  /** Ends what may still run, then records the verdict that was decided. */
  private Optional<Duration> end(Situation now, Verdict verdict) throws InterruptedException {
    var ref = now.attempt().ref();
    var uid = now.attempt().uid();
    if (uid == null) {
      return record(now, AttemptEnd.of(verdict));
    }
    return switch (runtime().observe(ref)) {
      case Observation.Waiting waiting when waiting.uid().equals(uid) ->
          tell(now, verdict, () -> runtime().delete(ref, uid));
      case Observation.Running running when running.uid().equals(uid) -> {
        startCapture(now);
        yield tell(now, verdict, () -> runtime().stop(ref, bench.config().grace()));
      }
      case Observation.Ended ended when ended.uid().equals(uid) -> {
        drain(now);
        yield record(now, AttemptEnd.of(verdict(now, verdict, ended), ended));
      }
      default -> record(now, AttemptEnd.of(verdict));
    };
  }

  /**
   * Tells what continues to end, less and less often, until that has lasted for as long as is
   * borne.
   *
   * @param request that tells it
   */
  private Optional<Duration> tell(Situation now, Verdict verdict, Runnable request) {
    var grace = bench.config().grace();
    if (FailureDecider.goesOn(verdict, now.ending(), grace, bench.limits())
        instanceof FailureDecider.Outcome.End(var unobserved, _)) {
      return record(now, AttemptEnd.unobserved(unobserved));
    }
    if (System.nanoTime() - tellAgainAt >= 0) {
      request.run();
      var pause = backoff(told++);
      tellAgainAt = System.nanoTime() + (pause.compareTo(SOON) < 0 ? SOON : pause).toNanos();
    }
    return Optional.of(SOON);
  }

  private Verdict verdict(Situation now, @Nullable Verdict decided, Observation.Ended ended) {
    var kind = now.run().run().request().kind();
    return EndDecider.verdict(decided, kind, ended.ending(), bench.timeout(now));
  }

  private Optional<Duration> record(Situation now, AttemptEnd end) {
    var uid = now.attempt().uid();
    var recorded = bench.journal().end(key, uid, end);
    bench.ended(recorded, end.verdict());
    var ref = now.attempt().ref();
    if (uid == null) {
      removeLeftover(now);
    } else {
      announceEnd(ref, uid, end.verdict(), recorded.run());
    }
    return Optional.empty();
  }

  private void announceEnd(AttemptRef ref, String uid, Verdict verdict, Run run) {
    if (verdict.category() != VerdictCategory.SUCCESS) {
      runtime().announce(ref, uid, EventReason.ATTEMPT_FAILED, verdict.message());
    }
    var after =
        switch (run.state()) {
          case SUCCEEDED -> EventReason.RUN_SUCCEEDED;
          case FAILED -> EventReason.RUN_FAILED;
          case CANCELLED -> EventReason.RUN_CANCELLED;
          case RETRYING -> EventReason.RUN_RETRYING;
          case QUEUED, LAUNCHING, RUNNING, CANCELLING -> null;
        };
    if (after != null) {
      runtime().announce(ref, uid, after, verdict.message());
    }
  }

  /** What was created but never adopted stays suspended for ever: remove it now if possible. */
  private void removeLeftover(Situation now) {
    try {
      var ref = now.attempt().ref();
      if (runtime().observe(ref) instanceof Observation.Waiting waiting && waiting.suspended()) {
        runtime().delete(ref, waiting.uid());
      }
    } catch (RuntimeException e) {
      LOG.debugf("%s: %s; retention removes it later", now.attempt().ref().name(), e.getMessage());
    }
  }

  private void startCapture(Situation now) {
    if (capture == null) {
      capture = bench.logs().capture(now.attempt().ref(), key.epoch(), this::wake);
    }
  }

  private void drain(Situation now) throws InterruptedException {
    startCapture(now);
    var running = Objects.requireNonNull(capture);
    boolean whole = running.finish(bench.config().drain(), () -> abandoned);
    if (abandoned) {
      throw new FencedException(key);
    }
    if (!whole) {
      LOG.warnf("%s: a part of its log could not be kept", now.attempt().ref().name());
    }
  }

  private void watch(Situation now) {
    if (!watching) {
      runtime().watch(now.attempt().ref().namespace());
      watching = true;
    }
  }

  private JobRuntime runtime() {
    return bench.runtime();
  }
}
