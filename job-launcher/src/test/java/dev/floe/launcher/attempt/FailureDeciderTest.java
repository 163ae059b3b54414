package dev.floe.launcher.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.run.Verdict;
import dev.floe.contract.run.VerdictReason;
import dev.floe.kit.database.DatabaseUnavailableException;
import dev.floe.launcher.attempt.Failure.Kind;
import dev.floe.launcher.attempt.FailureDecider.Limits;
import dev.floe.launcher.attempt.FailureDecider.Outcome;
import dev.floe.launcher.attempt.FailureDecider.Stage;
import dev.floe.launcher.attempt.FailureDecider.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureDeciderTest {
  private static final Limits LIMITS = new Limits(Duration.ofMinutes(2), Duration.ofMinutes(10));
  private static final Duration BRIEF = Duration.ofSeconds(119);
  private static final Duration RIGHTS = Duration.ofMinutes(2);
  private static final Duration ENDING = Duration.ofMinutes(10);

  private static Outcome decide(Stage stage, boolean timedOut, Duration lasting, Kind kind) {
    var decided = stage == Stage.ENDING ? Verdict.of(VerdictReason.BY_USER, "Cancelled") : null;
    return decide(new State(stage, decided, timedOut, lasting, lasting), kind);
  }

  private static Outcome decide(State state, Kind kind) {
    return FailureDecider.decide(state, new Failure(kind, false, "why"), LIMITS);
  }

  private static void retries(Outcome outcome) {
    assertThat(outcome).isEqualTo(new Outcome.Retry());
  }

  private static void ends(Outcome outcome, VerdictReason reason, boolean observed) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.End.class,
            end -> {
              assertThat(end.verdict().reason()).isEqualTo(reason);
              assertThat(end.verdict().message()).contains("why");
              assertThat(end.observed()).isEqualTo(observed);
            });
  }

  @Test
  void whatWasNotCreatedEndsAtTheLaunchTimeout() {
    for (var kind : Kind.values()) {
      retries(decide(Stage.NOT_CREATED, false, Duration.ofHours(1), kind));
    }
    ends(
        decide(Stage.NOT_CREATED, true, BRIEF, Kind.UNAVAILABLE),
        VerdictReason.API_UNAVAILABLE,
        true);
    ends(
        decide(Stage.NOT_CREATED, true, BRIEF, Kind.UNEXPECTED),
        VerdictReason.LAUNCH_TIMEOUT,
        true);
    ends(decide(Stage.NOT_CREATED, true, BRIEF, Kind.DENIED), VerdictReason.RIGHTS_LOST, true);
  }

  @Test
  void aNamespaceThatDoesNotExistEndsTheRunOnceItHasStayedAway() {
    var failure = new Failure(Kind.DENIED, true, "why");
    var brief = new State(Stage.NOT_CREATED, null, false, BRIEF, BRIEF);
    var over = new State(Stage.NOT_CREATED, null, false, RIGHTS, RIGHTS);
    retries(FailureDecider.decide(brief, failure, LIMITS));
    ends(FailureDecider.decide(over, failure, LIMITS), VerdictReason.NAMESPACE_GONE, true);
  }

  @Test
  void lostRightsAreBorneForTheirLimit() {
    for (var stage : new Stage[] {Stage.STARTING, Stage.RUNNING}) {
      retries(decide(stage, true, BRIEF, Kind.DENIED));
      ends(decide(stage, false, RIGHTS, Kind.DENIED), VerdictReason.RIGHTS_LOST, false);
    }
  }

  @Test
  void whatMayRunIsWaitedForWhileTheRuntimeIsAway() {
    retries(decide(Stage.STARTING, true, Duration.ofHours(1), Kind.UNAVAILABLE));
    retries(decide(Stage.RUNNING, true, Duration.ofHours(1), Kind.UNAVAILABLE));
  }

  @Test
  void anUnexpectedFailureStopsWhatHasNotStartedAtTheLaunchTimeout() {
    retries(decide(Stage.STARTING, false, ENDING, Kind.UNEXPECTED));
    retries(decide(Stage.RUNNING, true, ENDING, Kind.UNEXPECTED));
    assertThat(decide(Stage.STARTING, true, BRIEF, Kind.UNEXPECTED))
        .isInstanceOfSatisfying(
            Outcome.Stop.class,
            stop -> {
              assertThat(stop.verdict().reason()).isEqualTo(VerdictReason.LAUNCH_TIMEOUT);
              assertThat(stop.blind()).isFalse();
            });
  }

  @Test
  void whatCannotBeSeenIsStoppedOnlyAfterItHasFailedForAsLong() {
    // Given: the runtime was away for long, and then something unexpected was met once
    var once = new State(Stage.STARTING, null, true, Duration.ofHours(1), BRIEF);
    var always = new State(Stage.STARTING, null, true, Duration.ofHours(1), ENDING);
    // Then
    assertThat(decide(once, Kind.UNEXPECTED))
        .isInstanceOfSatisfying(Outcome.Stop.class, stop -> assertThat(stop.blind()).isFalse());
    assertThat(decide(always, Kind.UNEXPECTED))
        .isInstanceOfSatisfying(Outcome.Stop.class, stop -> assertThat(stop.blind()).isTrue());
  }

  @Test
  void aDatabaseThatIsAwaySaysNothingAboutTheAttempt() {
    var away = new DatabaseUnavailableException("no answer");
    assertThat(Failure.of(away).kind()).isEqualTo(Kind.DATABASE);
    for (var stage : Stage.values()) {
      retries(decide(stage, true, Duration.ofHours(1), Kind.DATABASE));
    }
  }

  @Test
  void anEndIsGivenUpWhateverItsFailuresAlternateBetween() {
    // Given
    var cancelled = Verdict.of(VerdictReason.BY_USER, "Cancelled");
    var brief = new State(Stage.ENDING, cancelled, false, RIGHTS, Duration.ZERO);
    var over = new State(Stage.ENDING, cancelled, false, ENDING, Duration.ZERO);
    // Then
    retries(decide(brief, Kind.DENIED));
    ends(decide(over, Kind.DENIED), VerdictReason.BY_USER, false);
    ends(decide(over, Kind.UNAVAILABLE), VerdictReason.BY_USER, false);
  }

  @Test
  void anOutageBetweenDenialsDoesNotCountAsDenied() {
    retries(decide(new State(Stage.RUNNING, null, true, Duration.ofHours(1), BRIEF), Kind.DENIED));
  }

  @Test
  void whatGoesOnThoughItIsToldToEndIsRecordedAfterTheLimitAndTheGrace() {
    // Given
    var cancelled = Verdict.of(VerdictReason.BY_USER, "Cancelled");
    var grace = Duration.ofSeconds(30);
    var limit = ENDING.plus(grace);
    // When
    var before = FailureDecider.goesOn(cancelled, limit.minusMillis(1), grace, LIMITS);
    var after = FailureDecider.goesOn(cancelled, limit, grace, LIMITS);
    // Then
    retries(before);
    assertThat(after)
        .isEqualTo(
            new Outcome.End(
                Verdict.of(
                    VerdictReason.BY_USER,
                    "Cancelled. Its end could not be observed: it continues 10m30s after it was told"
                        + " to end; its node may be lost"),
                false));
  }

  @Test
  void whatIsToEndEndsAsDecidedThoughNobodySeesIt() {
    retries(decide(Stage.ENDING, true, BRIEF, Kind.DENIED));
    retries(decide(Stage.ENDING, true, RIGHTS, Kind.UNAVAILABLE));
    retries(decide(Stage.ENDING, true, RIGHTS, Kind.UNEXPECTED));
    ends(decide(Stage.ENDING, false, RIGHTS, Kind.DENIED), VerdictReason.BY_USER, false);
    ends(decide(Stage.ENDING, false, ENDING, Kind.UNAVAILABLE), VerdictReason.BY_USER, false);
    ends(decide(Stage.ENDING, false, ENDING, Kind.UNEXPECTED), VerdictReason.BY_USER, false);
  }
}
