package dev.floe.launcher.runtime;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BoundedRuntimeTest {
  private static final AttemptRef ATTEMPT = new AttemptRef("weather", "run", 1);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(60);

  /** A runtime whose every call does this. */
  private static JobRuntime bounded(Duration longest, Callable<?> answer) {
    var runtime =
        (JobRuntime)
            Proxy.newProxyInstance(
                BoundedRuntimeTest.class.getClassLoader(),
                new Class<?>[] {JobRuntime.class},
                (proxy, method, args) -> answer.call());
    return new BoundedRuntime(runtime, longest, longest);
  }

  @Test
  void anAnswerInTimeIsPassedOn() {
    var absent = new Observation.Absent();
    assertThat(bounded(LONG, () -> absent).observe(ATTEMPT)).isSameAs(absent);
  }

  @Test
  void aFailureIsPassedOn() {
    var refused =
        new LaunchRefusedException(new Obstacle(Obstacle.Kind.QUOTA, "Forbidden", "full"));
    var runtime =
        bounded(
            LONG,
            () -> {
              throw refused;
            });
    assertThatThrownBy(() -> runtime.release(ATTEMPT, "uid")).isSameAs(refused);
  }

  @Test
  void aCallThatHangsIsInterruptedAndItsEffectIsNotKnown() throws Exception {
    // Given
    var interrupted = new CountDownLatch(1);
    var runtime =
        bounded(
            SHORT,
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return null;
            });
    // When, then
    assertThatThrownBy(() -> runtime.stop(ATTEMPT, Duration.ZERO))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("stop run-1 had no answer within PT0.05S");
    assertThat(interrupted.await(60, SECONDS)).isTrue();
  }

  @Test
  void aLogThatComesTooLateIsClosed() throws Exception {
    // Given
    var closed = new CountDownLatch(1);
    InputStream log =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public void close() {
            closed.countDown();
          }
        };
    var runtime =
        bounded(
            SHORT,
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                return Optional.of(AttemptLog.of(log, 0));
              }
              return Optional.empty();
            });
    // When, then
    assertThatThrownBy(() -> runtime.log(ATTEMPT, LogPosition.START, true))
        .isInstanceOf(RuntimeUnavailableException.class);
    assertThat(closed.await(60, SECONDS)).isTrue();
  }
}
