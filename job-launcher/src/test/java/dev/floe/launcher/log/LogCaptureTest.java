package dev.floe.launcher.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
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
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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

  private record Small(long max, Duration storeTimeout) implements LogConfig {
    private Small(long max) {
      this(max, Duration.ofSeconds(60));
    }

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
    public Optional<AttemptLog> log(AttemptRef attempt, LogPosition place, boolean follow) {
      opened.incrementAndGet();
      var log = text.getBytes(UTF_8);
      int from = (int) Math.min(place.skip(), log.length);
      int length = log.length - from;
      return Optional.of(
          AttemptLog.of(
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
              },
              from));
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

  /** A runtime that cannot do anything but give logs. */
  private abstract static class LogOnly implements JobRuntime {
    @Override
    public String name() {
      return "log-only";
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
  }

  /** A log of which the runtime removed a part before it was read. */
  private static final class Rotated extends LogOnly {
    @Override
    public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
      return Optional.of(
          new AttemptLog() {
            private int step = "second".equals(from.marker()) ? 3 : 0;

            @Override
            public int read(byte[] target, int offset, int length) {
              return switch (step++) {
                case 0 -> put("first\n", target, offset);
                case 1 -> 0;
                case 2 -> put("last\n", target, offset);
                default -> -1;
              };
            }

            @Override
            public LogPosition position() {
              return new LogPosition(step < 2 ? "first" : "second", 0);
            }

            @Override
            public String missing() {
              return "a part is gone";
            }
          });
    }

    private static int put(String text, byte[] target, int offset) {
      var bytes = text.getBytes(UTF_8);
      System.arraycopy(bytes, 0, target, offset, bytes.length);
      return bytes.length;
    }
  }

  private boolean capture(JobRuntime runtime, long max, long epoch) throws InterruptedException {
    var capture =
        new LogCapture(runtime, transactions, store, new Small(max), attempt, epoch, () -> {});
    capture.start();
    return capture.finish(LONGEST, () -> false);
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
    var dead = writer(100);
    dead.write(lines().getBytes(UTF_8), 200, LogPosition.ofByte(200));
    assertThat(stored()).isEqualTo(lines().substring(0, 60));
    // When
    capture(new Broken(lines(), 2000, new AtomicInteger()), 100, 1);
    capture(new Broken(lines(), 2000, new AtomicInteger()), 100, 1);
    // Then
    assertThat(stored()).isEqualTo(firstAndLast());
    assertThatThrownBy(() -> dead.finish(null)).isInstanceOf(LogWriter.LostException.class);
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
    first.write("first".getBytes(UTF_8), 5, LogPosition.ofByte(5));
    // Then
    assertThatThrownBy(() -> second.write("other".getBytes(UTF_8), 5, LogPosition.ofByte(5)))
        .isInstanceOf(LogWriter.LostException.class);
    assertThat(stored()).isEqualTo("first");
  }

  private LogWriter writer() {
    return writer(2000);
  }

  private LogWriter writer(long max) {
    return LogWriter.open(
        transactions,
        store,
        new Small(max),
        failure -> {
          throw failure;
        },
        attempt.runId(),
        1,
        1);
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
      writer.write(line, line.length, LogPosition.START);
    }
  }

  @Test
  void theLastLinesOfASlowLogAreItsLast() {
    // Given
    thirtySlowLines();
    // When
    var tail = transactions.call(() -> logs.tail(attempt.runId(), 1, 20));
    // Then
    assertThat(tail.lines())
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

  @Test
  void aPartThatIsGoneIsSaidInTheLogAndInTheAttempt() throws Exception {
    // When
    boolean all = capture(new Rotated(), 10_000, 1);
    // Then
    assertThat(all).isFalse();
    assertThat(stored()).isEqualTo("first\n[floe: a part is gone]\nlast\n");
    assertThat(state().truncated()).isTrue();
    assertThat(state().missing()).isEqualTo("a part is gone");
    assertThat(state().next()).isEqualTo(new LogPosition("second", 0));
  }

  @Test
  void anEndThatCannotBeReadIsSaidInTheLogAndInTheAttempt() throws Exception {
    // Given: a log of which only the first bytes can be read
    var opened = new AtomicInteger();
    var runtime =
        new LogOnly() {
          @Override
          public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
            if (opened.getAndIncrement() > 0) {
              throw new RuntimeUnavailableException("the node is away", new IOException("away"));
            }
            return new Broken("first line", 5, new AtomicInteger()).log(attempt, from, follow);
          }
        };
    var capture =
        new LogCapture(runtime, transactions, store, new Small(10_000), attempt, 1, () -> {});
    // When
    capture.start();
    boolean all = capture.finish(Duration.ZERO, () -> false);
    // Then
    assertThat(all).isFalse();
    assertThat(stored()).isEqualTo("first\n[floe: the log's end could not be read: away]\n");
    assertThat(state().truncated()).isTrue();
  }

  /** The database has no room for another piece. */
  private void fullDisk() {
    execute(
        """
        create or replace function no_room() returns trigger language plpgsql as $$ begin
          raise exception 'could not extend file: No space left on device' using errcode = '53100';
        end $$\
        """);
    execute(
        "create trigger no_room before insert on log_chunk for each row execute function no_room()");
  }

  private void roomAgain() {
    execute("drop trigger if exists no_room on log_chunk");
  }

  private void execute(String sql) {
    transactions.call(() ->
        Panache.getSession().chain(session -> session.createNativeQuery(sql).executeUpdate()));
  }

  @Test
  void aLogIsCompletedOnceThereIsRoom() throws Exception {
    // Given
    var runtime = new Broken(lines(), 333, new AtomicInteger());
    var capture =
        new LogCapture(runtime, transactions, store, new Small(10_000), attempt, 1, () -> {});
    fullDisk();
    try {
      // When
      capture.start();
      boolean early = capture.finish(LONGEST, new Rounds(8)::over);
      // Then: nothing was given up
      assertThat(early).isFalse();
      assertThat(state().truncated()).isFalse();
    } finally {
      roomAgain();
    }
    assertThat(capture.finish(LONGEST, () -> false)).isTrue();
    assertThat(stored()).isEqualTo(lines());
    assertThat(state().truncated()).isFalse();
  }

  /** Is over after some looks. */
  private static final class Rounds {
    private int left;

    private Rounds(int left) {
      this.left = left;
    }

    private boolean over() {
      return --left < 0;
    }
  }

  @Test
  void aLogThatTheDatabaseDoesNotTakeIsSaidToBeIncomplete() throws Exception {
    // Given
    var runtime = new Broken(lines(), 2000, new AtomicInteger());
    var capture =
        new LogCapture(
            runtime, transactions, store, new Small(10_000, Duration.ZERO), attempt, 1, () -> {});
    fullDisk();
    try {
      // When
      capture.start();
      boolean all = capture.finish(LONGEST, () -> false);
      // Then
      assertThat(all).isFalse();
      assertThat(state().truncated()).isTrue();
      assertThat(state().missing())
          .startsWith("the log's end is missing")
          .contains("No space left on device");
    } finally {
      roomAgain();
    }
  }

  @Test
  void bytesAreKeptAsTheyWereWritten() throws Exception {
    // Given: carriage returns, NUL, invalid UTF-8
    var bytes = "a\r\nb\0\r\u00ff\u00fe\u0080end".getBytes(ISO_8859_1);
    var runtime =
        new LogOnly() {
          @Override
          public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
            int skip = (int) from.skip();
            var rest = new ByteArrayInputStream(bytes, skip, bytes.length - skip);
            return Optional.of(AttemptLog.of(rest, skip));
          }
        };
    // When
    capture(runtime, 10_000, 1);
    // Then
    var stored =
        transactions.call(() ->
            store
                .between(attempt.runId(), 1, 0, Long.MAX_VALUE)
                .map(chunks -> new LogBytes(chunks, 0, Long.MAX_VALUE).bytes()));
    assertThat(stored).isEqualTo(bytes);
  }

  /** A stream of which nothing comes; the runtime does not end it when it is closed. */
  private static final class Hanging extends AttemptLog {
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public LogPosition position() {
      return LogPosition.START;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      return -1;
    }
  }

  @Test
  void anErrorWhileReadingEndsNoCapture() throws Exception {
    // Given: too little memory, once for the thread that opens the log, twice for the one that
    // reads
    var opened = new AtomicInteger();
    var runtime =
        new LogOnly() {
          @Override
          public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
            int count = opened.incrementAndGet();
            if (count == 1) {
              throw new OutOfMemoryError("while opening");
            }
            var text = new ByteArrayInputStream("whole".getBytes(UTF_8));
            return Optional.of(
                AttemptLog.of(
                    count > 3
                        ? text
                        : new FilterInputStream(text) {
                          @Override
                          public int read(byte[] buffer, int at, int length) {
                            throw new OutOfMemoryError("while reading");
                          }
                        },
                    0));
          }
        };
    // When
    boolean all = capture(runtime, 10_000, 1);
    // Then
    assertThat(all).isTrue();
    assertThat(stored()).isEqualTo("whole");
    assertThat(state().truncated()).isFalse();
  }

  @Test
  void anErrorThatLastsIsSaidInTheAttempt() throws Exception {
    // Given
    var runtime =
        new LogOnly() {
          @Override
          public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
            throw new OutOfMemoryError("too little memory");
          }
        };
    var capture =
        new LogCapture(runtime, transactions, store, new Small(10_000), attempt, 1, () -> {});
    // When
    capture.start();
    boolean all = capture.finish(Duration.ZERO, () -> false);
    // Then
    assertThat(all).isFalse();
    assertThat(state().missing()).isEqualTo("the log's end could not be read: too little memory");
  }

  @Test
  void aStreamThatNeverEndsKeepsNoAttemptFromItsEnd() throws Exception {
    // Given
    var runtime =
        new LogOnly() {
          @Override
          public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
            return Optional.of(new Hanging());
          }
        };
    var capture =
        new LogCapture(
            runtime,
            transactions,
            store,
            new Small(10_000),
            attempt,
            1,
            () -> {},
            Duration.ofMillis(600));
    // When
    capture.start();
    boolean all = capture.finish(Duration.ZERO, () -> false);
    // Then
    assertThat(all).isFalse();
    assertThat(state().truncated()).isTrue();
    assertThat(state().missing()).isEqualTo("the log's end could not be read: it took too long");
  }
}
