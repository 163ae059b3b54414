package dev.floe.launcher.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitedPoolTest {
  /** Limits in seconds; the others are as short as they may be. */
  private record Limits(int statement, int transaction, int read) implements DatabaseConfig {
    @Override
    public Duration statementTimeout() {
      return Duration.ofSeconds(statement);
    }

    @Override
    public Duration lockTimeout() {
      return Duration.ofMillis(1);
    }

    @Override
    public Duration idleInTransactionTimeout() {
      return Duration.ofMillis(1);
    }

    @Override
    public Duration transactionTimeout() {
      return Duration.ofSeconds(transaction);
    }

    @Override
    public Duration readTimeout() {
      return Duration.ofSeconds(read);
    }
  }

  private static List<String> findings(int statement, int transaction, int read, int stalledAfter) {
    return new LimitedPool(
            new Limits(statement, transaction, read), () -> Duration.ofSeconds(stalledAfter))
        .findings();
  }

  @Test
  void limitsThatFitHaveNoFinding() {
    assertThat(findings(15, 20, 30, 60)).isEmpty();
    assertThat(findings(1, 2, 11, 3)).isEmpty();
  }

  @Test
  void transactionNeedsMoreTimeThanAStatement() {
    assertThat(findings(15, 15, 30, 60))
        .containsExactly(
            "floe.launcher.database.transaction-timeout (PT15S) must be longer than"
                + " floe.launcher.database.statement-timeout (PT15S)");
  }

  @Test
  void loopIsNotStalledWithinATransaction() {
    assertThat(findings(15, 20, 30, 20))
        .containsExactly(
            "floe.launcher.health.stalled-after (PT20S) must be longer than"
                + " floe.launcher.database.transaction-timeout (PT20S)");
  }

  @Test
  void connectionThatListensIsNotClosedBetweenTwoProbes() {
    assertThat(findings(5, 8, 10, 60))
        .containsExactly(
            "floe.launcher.database.read-timeout (PT10S) must be longer than PT10S, the time"
                + " between two probes of the connection that listens for notifications");
  }
}
