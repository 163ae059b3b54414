package dev.floe.launcher.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.platform.Bindings.EnvVar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every runtime must do alike; each runs this one suite. */
public abstract class JobRuntimeConformance {
  protected static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SECRET = "s3cret";

  private final Set<Attempts> launched = ConcurrentHashMap.newKeySet();
  private final Set<AttemptRef> changed = ConcurrentHashMap.newKeySet();

  /** The runtime under test, opened once. */
  protected abstract JobRuntime runtime();

  /** Another one on the same machine or cluster, as a restarted launcher would open it. */
  protected abstract JobRuntime reopen();

  protected abstract String namespace();

  /** An image with a shell and a Python, that does not run as root. */
  protected abstract String image();

  /** Makes a secret of the namespace. */
  protected abstract void secret(String name, String key, String value) throws IOException;

  @AfterEach
  void removeAttempts() {
    for (var attempt : launched) {
      uid(attempt.ref()).ifPresent(uid -> runtime().delete(attempt.ref(), uid));
    }
  }

  @Test
  void nothingRunsBeforeTheRelease() {
    // Given
    var attempt = shell("echo too early");
    // When
    var uid = create(attempt);
    // Then
    assertThat(runtime().observe(attempt.ref()))
        .isEqualTo(new Observation.Waiting(uid, true, null));
    assertThat(runtime().log(attempt.ref(), LogPosition.START, false)).isEmpty();
  }

  @Test
  void anAttemptNobodyCreatedIsAbsent() {
    // When
    var observation = runtime().observe(shell("true").ref());
    // Then
    assertThat(observation).isEqualTo(new Observation.Absent());
  }

  @Test
  void successIsRecordedWithItsLog() throws IOException {
    // Given
    var attempt = shell("echo out; echo err >&2");
    // When
    var ending = run(attempt);
    // Then
    assertThat(ending.cause()).isEqualTo(Ending.Cause.EXITED);
    assertThat(ending.exitCode()).isZero();
    assertThat(ending.startedAt()).isNotNull();
    assertThat(ending.finishedAt()).isAfterOrEqualTo(ending.startedAt());
    assertThat(log(attempt, 0).lines()).containsExactlyInAnyOrder("out", "err");
  }

  @Test
  void anExitCodeIsRecorded() {
    // When
    var ending = run(shell("exit 42"));
    // Then
    assertThat(ending.cause()).isEqualTo(Ending.Cause.EXITED);
    assertThat(ending.exitCode()).isEqualTo(42);
  }

  @Test
  void aSignalIsAnExitCode() {
    // When
    var ending = run(shell("sh -c 'kill -USR1 $$'; exit $?"));
    // Then
    assertThat(ending.cause()).isEqualTo(Ending.Cause.EXITED);
    assertThat(ending.exitCode()).isEqualTo(138);
  }

  @Test
  void tooMuchMemoryIsRecorded() {
    // Given
    var attempt =
        shell("").withCommand("python3", "-c", "x = bytearray(512 << 20)").withMemory("64Mi");
    // When
    var ending = run(attempt);
    // Then
    assertThat(ending.cause()).isEqualTo(Ending.Cause.OOM_KILLED);
  }

  @Test
  void theTimeoutEndsAnAttempt() {
    // Given
    var attempt = shell("trap 'exit 0' TERM; while :; do sleep 0.1; done");
    // When
    var ending = run(attempt.withTimeout(Duration.ofSeconds(3)));
    // Then
    assertThat(ending.cause()).isEqualTo(Ending.Cause.DEADLINE);
  }

  @Test
  void aStoppedAttemptHasItsTimeToEndAndKeepsItsLog() throws IOException {
    // Given
    var attempt = shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done");
    launch(attempt);
    await().atMost(LIMIT).until(() -> log(attempt, 0).contains("up"));
    // When
    runtime().stop(attempt.ref(), Duration.ofSeconds(20));
    // Then
    assertThat(ending(attempt.ref()).cause()).isEqualTo(Ending.Cause.STOPPED);
    assertThat(log(attempt, 0)).contains("bye");
  }

  @Test
  void anUnknownImageIsAnObstacle() {
    // When
    var obstacle = obstacle(shell("true").withImage("floe.local/no-such-image:1"));
    // Then
    assertThat(obstacle.kind()).isEqualTo(Obstacle.Kind.IMAGE_PULL);
    assertThat(obstacle.message()).contains("floe.local/no-such-image:1");
  }

  @Test
  void aMissingSecretIsAnObstacle() {
    // Given
    var attempt = shell("true").withEnv(EnvVar.secret("PASSWORD", "no-such-secret", "password"));
    // When
    var obstacle = obstacle(attempt);
    // Then
    assertThat(obstacle.kind()).isEqualTo(Obstacle.Kind.CONTAINER_CONFIG);
    assertThat(obstacle.message()).contains("no-such-secret");
  }

  @Test
  void aCommandThatIsNotThereIsAStartError() {
    // When
    var ending = run(shell("").withCommand("/no/such/command"));
    // Then
    assertThat(ending.cause()).isEqualTo(Ending.Cause.START_ERROR);
    assertThat(ending.message()).contains("/no/such/command");
  }

  @Test
  void theEnvironmentIsLiteralAndHoldsSecrets() throws IOException {
    // Given
    secret("conformance", "password", SECRET);
    var attempt =
        shell("echo \"$PLAIN\"; echo $PASSWORD; echo $FLOE_RUN_ID")
            .withEnv(
                EnvVar.of("PLAIN", "$(FLOE_RUN_ID) $$ costs"),
                EnvVar.secret("PASSWORD", "conformance", "password"));
    // When
    run(attempt);
    // Then
    assertThat(log(attempt, 0).lines())
        .containsExactly("$(FLOE_RUN_ID) $$ costs", SECRET, attempt.ref().runId());
  }

  @Test
  void homeAndTemporaryFolderCanBeWritten() {
    // When
    var ending = run(shell("touch \"$HOME/a\" \"$TMPDIR/b\" && test -w \"$HOME\""));
    // Then
    assertThat(ending.exitCode()).isZero();
  }

  @Test
  void aFollowedLogEndsWithItsAttempt() throws IOException {
    // Given
    var attempt = shell("for i in 1 2 3; do echo line $i; sleep 0.3; done");
    launch(attempt);
    await()
        .atMost(LIMIT)
        .until(() -> runtime().log(attempt.ref(), LogPosition.START, false).isPresent());
    // When
    var text = read(runtime().log(attempt.ref(), LogPosition.START, true).orElseThrow());
    // Then
    assertThat(text).isEqualTo("line 1\nline 2\nline 3\n");
  }

  @Test
  void aFollowerThatIsClosedComesToItsEnd() throws Exception {
    // Given
    var attempt = shell("echo up; sleep 1000");
    launch(attempt);
    await().atMost(LIMIT).until(() -> log(attempt, 0).contains("up"));
    var stream = runtime().log(attempt.ref(), LogPosition.START, true).orElseThrow();
    var reader = Thread.ofVirtual().start(() -> readToTheEnd(stream));
    // When
    stream.close();
    // Then
    assertThat(reader.join(LIMIT)).isTrue();
  }

  @Test
  void aLogIsResumedWhereItWasLeft() throws IOException {
    // Given
    var attempt = shell("echo first; echo second");
    run(attempt);
    // When
    var rest = log(attempt, "first\n".length());
    // Then
    assertThat(rest).isEqualTo("second\n");
  }

  @Test
  void aRestartedLauncherFindsItsAttemptsAgain() {
    // Given
    var attempt = shell("echo up; sleep 2; exit 7");
    launch(attempt);
    var later = reopen();
    Set<AttemptRef> heard = ConcurrentHashMap.newKeySet();
    // When
    later.listen(heard::add);
    later.watch(namespace());
    // Then
    await().atMost(LIMIT).until(() -> later.observe(attempt.ref()) instanceof Observation.Ended);
    await().atMost(LIMIT).until(() -> heard.contains(attempt.ref()));
    assertThat(ending(attempt.ref()).exitCode()).isEqualTo(7);
  }

  @Test
  void creatingAndReleasingAgainChangesNothing() throws IOException {
    // Given
    var attempt = shell("echo once");
    var uid = create(attempt);
    // When
    var again = create(attempt);
    runtime().release(attempt.ref(), uid);
    ending(attempt.ref());
    runtime().release(attempt.ref(), uid);
    var afterTheEnd = create(attempt);
    // Then
    assertThat(again).isEqualTo(uid);
    assertThat(afterTheEnd).isEqualTo(uid);
    assertThat(log(attempt, 0)).isEqualTo("once\n");
  }

  @Test
  void aLaterClaimReplacesWhatAnEarlierOneCreated() {
    // Given
    var attempt = shell("exit 5");
    var early = create(attempt);
    // When
    var late = create(attempt.withEpoch(2));
    runtime().release(attempt.ref(), early);
    runtime().delete(attempt.ref(), early);
    // Then
    assertThat(late).isNotEqualTo(early);
    assertThat(runtime().observe(attempt.ref()))
        .isEqualTo(new Observation.Waiting(late, true, null));
    assertThatThrownBy(() -> create(attempt)).isInstanceOf(RuntimeUnavailableException.class);
  }

  @Test
  void aLaterClaimAdoptsWhatAnEarlierOneLetRun() throws IOException {
    // Given
    var attempt = shell("echo once");
    var early = launch(attempt);
    // When
    var late = create(attempt.withEpoch(2));
    runtime().release(attempt.ref(), late);
    // Then
    assertThat(late).isEqualTo(early);
    assertThat(ending(attempt.ref()).exitCode()).isZero();
    assertThat(create(attempt.withEpoch(3))).isEqualTo(early);
    assertThat(log(attempt, 0)).isEqualTo("once\n");
  }

  @Test
  void aDeletedAttemptIsAbsent() {
    // Given
    var attempt = shell("sleep 1000");
    var uid = launch(attempt);
    await()
        .atMost(LIMIT)
        .until(() -> runtime().observe(attempt.ref()) instanceof Observation.Running);
    // When
    runtime().delete(attempt.ref(), uid);
    // Then
    await()
        .atMost(LIMIT)
        .until(() -> runtime().observe(attempt.ref()) instanceof Observation.Absent);
  }

  @Test
  void theListenerHearsOfTheEnd() {
    // Given
    var attempt = shell("true");
    // When
    launch(attempt);
    // Then
    await().atMost(LIMIT).until(() -> changed.contains(attempt.ref()));
    ending(attempt.ref());
  }

  protected Attempts shell(String script) {
    return Attempts.shell(namespace(), image(), script);
  }

  protected void hear(AttemptRef attempt) {
    changed.add(attempt);
  }

  protected String create(Attempts attempt) {
    launched.add(attempt);
    return runtime().create(attempt.spec());
  }

  protected String launch(Attempts attempt) {
    var uid = create(attempt);
    runtime().release(attempt.ref(), uid);
    return uid;
  }

  protected Ending run(Attempts attempt) {
    launch(attempt);
    return ending(attempt.ref());
  }

  protected Ending ending(AttemptRef attempt) {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                runtime().observe(attempt) instanceof Observation.Ended ended
                    ? Optional.of(ended.ending())
                    : Optional.<Ending>empty(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** What keeps the attempt from starting, whether the runtime refuses it or finds out later. */
  protected Obstacle obstacle(Attempts attempt) {
    try {
      launch(attempt);
    } catch (LaunchRefusedException e) {
      return e.obstacle();
    }
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                runtime().observe(attempt.ref()) instanceof Observation.Waiting waiting
                    ? Optional.ofNullable(waiting.obstacle())
                    : Optional.<Obstacle>empty(),
            Optional::isPresent)
        .orElseThrow();
  }

  protected String log(Attempts attempt, long skip) throws IOException {
    var stream = runtime().log(attempt.ref(), LogPosition.ofByte(skip), false);
    return stream.isEmpty() ? "" : read(stream.get());
  }

  private static void readToTheEnd(InputStream stream) {
    try {
      stream.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // an error is an end too
    }
  }

  private static String read(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Optional<String> uid(AttemptRef attempt) {
    return switch (runtime().observe(attempt)) {
      case Observation.Absent _ -> Optional.empty();
      case Observation.Waiting waiting -> Optional.of(waiting.uid());
      case Observation.Running running -> Optional.of(running.uid());
      case Observation.Ended ended -> Optional.of(ended.uid());
    };
  }
}
