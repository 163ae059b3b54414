package dev.floe.launcher.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.Observation;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
@TestProfile(LogCaptureTest.Quiet.class)
class LogCaptureTest {
  /** The application itself does nothing. */
  public static final class Quiet implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.scheduler.enabled", "false");
    }
  }

  private static final Duration LONGEST = Duration.ofSeconds(60);

  @Inject Transactions transactions;
  @Inject LogStore store;
  @Inject LogService logs;

  private final AttemptRef attempt =
      new AttemptRef("weather", UUID.randomUUID().toString().substring(0, 26), 1);

  private record Small(long max) implements LogConfig {
    @Override
    public MemorySize maxBytes() {
      return new MemorySize(BigInteger.valueOf(max));
    }

    @Override
    public MemorySize tailBytes() {
      return new MemorySize(BigInteger.valueOf(40));
    }

    @Override
    public MemorySize chunk() {
      return new MemorySize(BigInteger.valueOf(16));
    }

    @Override
    public Duration flushEvery() {
      return Duration.ofMillis(1);
    }
  }

  /** A log whose stream breaks every so many bytes. */
  private record Broken(String text, int every, AtomicInteger opened) implements JobRuntime {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public void watch(String namespace) {}

    @Override
    public String create(AttemptSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(AttemptRef attempt, String uid) {}

    @Override
    public Observation observe(AttemptRef attempt) {
      return new Observation.Absent();
    }

    @Override
    public void stop(AttemptRef attempt, Duration grace) {}

    @Override
    public void delete(AttemptRef attempt, String uid) {}

    @Override
    public Optional<InputStream> log(AttemptRef attempt, long skip, boolean follow) {
      opened.incrementAndGet();
      var log = text.getBytes(UTF_8);
      int from = (int) Math.min(skip, log.length);
      int length = log.length - from;
      return Optional.of(
          new FilterInputStream(new ByteArrayInputStream(log, from, length)) {
            private int left = every;

            @Override
            public int read(byte[] buffer, int at, int count) throws IOException {
              if (left <= 0) {
                throw new IOException("cut off");
              }
              int read = super.read(buffer, at, Math.min(count, left));
              left -= Math.max(read, 0);
              return read;
            }
          });
    }
  }

  @BeforeEach
  void anAttempt() {
    insert(
        """
        insert into run (id, state, platform, domain, product, priority, request, payload_hash,
          trace_id, span_id, sampled, created_at, updated_at, deadline_at)
        values (:id, 'RUNNING', 'p', 'd', 'p', 0, '{}', '', '', '', false, now(), now(), now())\
        """);
    insert(
        """
        insert into attempt (run_id, number, state, namespace, bindings, span_id, epoch, owner,
          lease_until, created_at, launch_deadline_at)
        values (:id, 1, 'RUNNING', 'weather', '[]', '', 1, 'me', now(), now(), now())\
        """);
  }

  private void insert(String sql) {
    transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(sql)
                    .setParameter("id", attempt.runId())
                    .executeUpdate()));
  }

  private boolean capture(JobRuntime runtime, long max, long epoch) throws InterruptedException {
    var capture =
        new LogCapture(runtime, transactions, store, new Small(max), attempt, epoch, () -> {});
    capture.start();
    return capture.finish(LONGEST);
  }

  private String stored() {
    return transactions.call(() ->
        store
            .between(attempt.runId(), 1, 0, Long.MAX_VALUE)
            .map(chunks -> {
              var text = new StringBuilder();
              chunks.forEach(chunk -> text.append(new String(chunk.bytes(), UTF_8)));
              return text.toString();
            }));
  }

  private LogStore.LogState state() {
    return transactions.call(() -> store.state(attempt.runId(), 1).map(Optional::orElseThrow));
  }

  @Test
  void aStreamThatBreaksIsReadOnWithTheNextByte() throws Exception {
    // Given
    var text = "0123456789".repeat(12);
    var runtime = new Broken(text, 50, new AtomicInteger());
    // When
    boolean all = capture(runtime, 10_000, 1);
    // Then
    assertThat(all).isTrue();
    assertThat(stored()).isEqualTo(text);
    assertThat(runtime.opened().get()).isGreaterThanOrEqualTo(3);
  }

  /** A hundred lines of ten bytes. */
  private static String lines() {
    return IntStream.range(0, 100).mapToObj("line %4d\n"::formatted).collect(Collectors.joining());
  }

  /** What is kept of them under a cap of 100, 40 of it for the end. */
  private static String firstAndLast() {
    return lines().substring(0, 60)
        + "\n[floe: 910 bytes are left out here]\n"
        + lines().substring(970);
  }

  @Test
  void aLogOverTheCapKeepsItsBeginningAndItsEndAndSaysSo() throws Exception {
    // When
    boolean all = capture(new Broken(lines(), 2000, new AtomicInteger()), 100, 1);
    // Then
    assertThat(all).isTrue();
    assertThat(stored()).isEqualTo(firstAndLast());
    assertThat(state().truncated()).isTrue();
    assertThat(state().bytes()).isEqualTo(stored().length());
  }

  @Test
  void aLogOverTheCapWhoseStreamBreaksIsTheSame() throws Exception {
    // When
    capture(new Broken(lines(), 333, new AtomicInteger()), 100, 1);
    // Then
    assertThat(stored()).isEqualTo(firstAndLast());
  }

  @Test
  void whoeverTakesOverStoresTheEndOnce() throws Exception {
    // Given: one that died after the first part, with a piece of the rest in its memory
    var dead = LogWriter.open(transactions, store, new Small(100), attempt.runId(), 1, 1);
    dead.write(lines().getBytes(UTF_8), 200);
    assertThat(stored()).isEqualTo(lines().substring(0, 60));
    // When
    capture(new Broken(lines(), 2000, new AtomicInteger()), 100, 1);
    capture(new Broken(lines(), 2000, new AtomicInteger()), 100, 1);
    // Then
    assertThat(stored()).isEqualTo(firstAndLast());
    assertThatThrownBy(dead::finish).isInstanceOf(LogWriter.LostException.class);
  }

  @Test
  void aLogUnderTheCapIsKeptWhole() throws Exception {
    // When: longer than the first part
    capture(new Broken(lines().substring(0, 95), 2000, new AtomicInteger()), 100, 1);
    // Then
    assertThat(stored()).isEqualTo(lines().substring(0, 95));
    assertThat(state().truncated()).isFalse();
  }

  @Test
  void oneWhoWasFencedWritesNothing() throws Exception {
    // When
    capture(new Broken("late", 1000, new AtomicInteger()), 100, 0);
    // Then
    assertThat(stored()).isEmpty();
    assertThat(state().bytes()).isZero();
  }

  @Test
  void aWriterThatBelievesTooLittleWritesNothing() {
    // Given
    var first = writer();
    var second = writer();
    // When
    first.write("first".getBytes(UTF_8), 5);
    // Then
    assertThatThrownBy(() -> second.write("other".getBytes(UTF_8), 5))
        .isInstanceOf(LogWriter.LostException.class);
    assertThat(stored()).isEqualTo("first");
  }

  private LogWriter writer() {
    return LogWriter.open(transactions, store, new Small(2000), attempt.runId(), 1, 1);
  }

  @Test
  void theStoreSaysNothingOfWhatIsNotThere() {
    assertThat(transactions.call(() -> store.state("nothing", 1))).isEmpty();
  }

  /** Thirty pieces of a line each, as a slow log is stored. */
  private void thirtySlowLines() {
    var writer = writer();
    for (int i = 1; i <= 30; i++) {
      var line = "Zeile %d: läuft\n".formatted(i).getBytes(UTF_8);
      writer.write(line, line.length);
    }
  }

  @Test
  void theLastLinesOfASlowLogAreItsLast() {
    // Given
    thirtySlowLines();
    // When
    var tail = transactions.call(() -> logs.tail(attempt.runId(), 1, 20));
    // Then
    assertThat(tail)
        .isEqualTo(IntStream.rangeClosed(11, 30).mapToObj("Zeile %d: läuft"::formatted).toList());
  }

  @Test
  void aPartOfALogIsReadAlongTheKey() {
    // Given
    thirtySlowLines();
    // When
    var plan = plan(LogStore.BETWEEN);
    // Then: no piece before the wanted one is looked at
    assertThat(plan).containsPattern("Index Cond: .*first_byte >= ").doesNotContain("Seq Scan");
  }

  private String plan(String sql) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery("set local enable_seqscan = off")
                    .executeUpdate()
                    .chain(() ->
                        session
                            .createNativeQuery("set local enable_bitmapscan = off")
                            .executeUpdate())
                    .chain(() ->
                        session
                            .createNativeQuery("explain " + sql, Object.class)
                            .setParameter("run", attempt.runId())
                            .setParameter("attempt", 1)
                            .setParameter("from", 100L)
                            .setParameter("end", 200L)
                            .getResultList()))
            .map(rows -> rows.stream().map(String::valueOf).collect(Collectors.joining("\n"))));
  }
}
