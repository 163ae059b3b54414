package dev.floe.kit.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.contract.problem.ProblemType;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DatabaseProblemsTest {
  private final AtomicLong clock = new AtomicLong();
  private final List<String> warnings = new ArrayList<>();
  private final DatabaseProblems problems =
      new DatabaseProblems("job-launcher", clock::get, warnings::add);

  private static PgException diskFull() {
    return new PgException("could not extend file \"base/1/2\"", "ERROR", "53100", null);
  }

  @Test
  void absentDatabaseIsAnsweredWithAnInvitationToComeBack() {
    // When
    var told = problems.explain(new IllegalStateException(new ConnectException("refused")));
    // Then
    assertThat(told.orElseThrow().type()).isEqualTo(ProblemType.UNAVAILABLE);
    assertThat(told.orElseThrow().retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(told.orElseThrow())
        .hasMessage("The database of job-launcher cannot be reached or is busy; come back later");
  }

  @Test
  void fullDiskIsNamed() {
    // Given: what a resource on the event loop throws, and one on a virtual thread
    for (var failure : List.of(diskFull(), DatabaseFailures.unchecked(diskFull()))) {
      // When
      var told = problems.explain(failure);
      // Then
      assertThat(told.orElseThrow())
          .hasMessage(
              "The database of job-launcher has no disk space left; nothing can be stored until"
                  + " there is some");
    }
  }

  @Test
  void otherFailuresAreNotExplained() {
    // When
    var told = problems.explain(new PgException("no such column", "ERROR", "42703", null));
    // Then
    assertThat(told).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void causeIsLoggedOnceAMinute() {
    // When
    for (int second = 0; second < 120; second++) {
      clock.set(Duration.ofSeconds(second).toNanos());
      problems.explain(diskFull());
    }
    // Then
    assertThat(warnings).hasSize(2).allMatch(line -> line.contains("could not extend file"));
  }
}
