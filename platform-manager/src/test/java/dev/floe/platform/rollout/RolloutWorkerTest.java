package dev.floe.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.PlanText;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.ReleaseAction;
import dev.floe.platform.release.ReleaseEndedException;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.release.StoredRelease;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.TestRuntimeConfig;
import io.quarkus.runtime.ShutdownEvent;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutWorkerTest {
  private static final Lease LEASE = new Lease("p", "me", 1);

  private final OneRelease records = new OneRelease();
  private final TestRuntime runtime = new TestRuntime(System::nanoTime);
  private final RolloutWorker worker =
      new RolloutWorker(records, runtime, new RolloutTest.Config(), new TestRuntimeConfig());

  @Test
  void stopInsideACallGivesTheLeaseBackAndFailsNothing() throws InterruptedException {
    // Given: a call that lasts, and that takes its interruption for a refusal
    var called = new CountDownLatch(1);
    runtime.onNext(
        "observe",
        () -> {
          called.countDown();
          try {
            Thread.sleep(Duration.ofHours(1));
          } catch (InterruptedException e) {
            throw new RolloutFailedException("the API server refused reading", e);
          }
        });
    worker.look();
    called.await();
    // When
    worker.stop(new ShutdownEvent());
    // Then
    assertThat(records.given).containsExactly(LEASE);
    assertThat(records.steps).isNotEmpty().noneMatch(step -> step.state().terminal());
    // When
    int claims = records.claims;
    worker.look();
    // Then
    assertThat(records.claims).isEqualTo(claims);
  }

  @Test
  void lostLeaseEndsTheRolloutWithoutAWord() throws InterruptedException {
    // Given
    var called = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    runtime.onNext(
        "observe",
        () -> {
          called.countDown();
          try {
            Thread.sleep(Duration.ofHours(1));
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw new RolloutFailedException("interrupted", e);
          }
        });
    worker.look();
    called.await();
    // When
    records.lost = true;
    worker.renew();
    interrupted.await();
    worker.stop(new ShutdownEvent());
    // Then
    assertThat(records.steps).noneMatch(step -> step.state().terminal());
  }

  /** One that waits begins when those before it have ended. */
  @Test
  void releasesThatWaitAreRolledOutInTheirOrder() throws InterruptedException {
    // Given
    records.numbers = List.of(1, 2, 3);
    // When
    worker.look();
    // Then
    records.back.await();
    assertThat(records.steps)
        .filteredOn(step -> step.state().terminal())
        .extracting(Step::release)
        .containsExactly(1, 2, 3);
    assertThat(records.steps).noneMatch(step -> step.state() == ReleaseState.ABORTED);
  }

  @Test
  void releaseWhosePlanIsDamagedFails() throws InterruptedException {
    // Given
    records.plan = "{";
    // When
    worker.look();
    // Then
    records.back.await();
    assertThat(records.steps).hasSize(1);
    assertThat(records.state()).isEqualTo(ReleaseState.FAILED);
    assertThat(records.lastMessage()).endsWith("deploy the manifest again");
  }

  @Test
  void releaseOfALaterVersionIsLeftToIt() throws InterruptedException {
    // Given
    records.plan = "{\"format\":3}";
    // When
    worker.look();
    // Then
    records.back.await();
    assertThat(records.steps).isEmpty();
  }

  @Test
  void releaseThatEndedMeanwhileIsNotRolledOut() throws InterruptedException {
    // Given
    records.ended = true;
    // When
    worker.look();
    // Then
    records.back.await();
    assertThat(records.steps).isEmpty();
  }

  @Test
  void outageOfTheDatabaseEndsNeitherScheduleAndHasNoStackTrace() {
    // Given
    var refused = new JournalUnavailableException(new ConnectException("Connection refused"));
    records.outage = refused;
    // When
    worker.claimRegularly();
    worker.renewRegularly();
    // Then
    assertThat(records.claims).isZero();
    assertThat(refused.getStackTrace()).isEmpty();
    assertThat(refused).hasNoCause().hasMessageContaining("Connection refused");
  }

  /** Records with one release that nobody rolls out. */
  private static final class OneRelease extends TestRecords {
    private final List<Lease> given = new ArrayList<>();
    private final CountDownLatch back = new CountDownLatch(1);
    private volatile boolean lost;
    private volatile boolean ended;
    private volatile @Nullable String plan;
    private List<Integer> numbers = List.of(1);
    private int asked;
    private @Nullable JournalUnavailableException outage;
    private int claims;

    @Override
    Optional<Lease> claim(String owner, Duration length) {
      if (outage != null) {
        throw outage;
      }
      return claims++ == 0 ? Optional.of(LEASE) : Optional.empty();
    }

    @Override
    void record(Lease lease, Step step) {
      if (ended) {
        throw new ReleaseEndedException("p", 1);
      }
      super.record(lease, step);
    }

    @Override
    List<StoredRelease> unfinished(String platform) {
      boolean over = !steps.isEmpty() && state().terminal();
      if (ended && asked++ > 0) {
        return List.of();
      }
      return numbers.stream()
          .filter(number -> !over || number > steps.getLast().release())
          .map(this::release)
          .toList();
    }

    private StoredRelease release(int number) {
      var component =
          new PlannedComponent(
              "a", "a", "a", "1", List.of(), List.of(), List.of(), List.of(), null);
      var plan = new Plan("p", "kubernetes", "floe-p", List.of(component), List.of(), List.of());
      return new StoredRelease(
          "p",
          number,
          ReleaseAction.DEPLOY,
          ReleaseState.PENDING,
          null,
          null,
          0,
          1,
          "{}",
          this.plan == null ? PlanText.write(plan) : this.plan,
          Instant.EPOCH,
          null,
          number > 1);
    }

    @Override
    boolean renew(Lease lease, Duration length) {
      return !lost;
    }

    @Override
    void giveBack(Lease lease) {
      // the database cannot be waited for by an interrupted thread
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      given.add(lease);
      back.countDown();
    }
  }
}
