package dev.floe.launcher.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.log.LogCapture;
import dev.floe.launcher.log.LogConfig;
import dev.floe.launcher.log.LogStore;
import dev.floe.launcher.run.RunId;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Attempts;
import dev.floe.launcher.runtime.Observation;
import dev.floe.test.Cluster;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Logs of a real node that are longer than the files the kubelet keeps of them (10 MiB). */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@QuarkusTestResource(LauncherSurroundings.class)
class LongLogKT {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final String IMAGE = System.getProperty("floe.test.image", "floe.local/weather:1");

  @Inject Transactions transactions;
  @Inject LogStore store;

  private static @Nullable Cluster cluster;

  /** Not a static extension: the class is loaded once more outside of the application. */
  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
  }

  @AfterAll
  static void removeNamespaces() {
    cluster().close();
  }

  private static Cluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  private record Kept(long megabytes) implements LogConfig {
    @Override
    public MemorySize maxBytes() {
      return size(megabytes << 20);
    }

    @Override
    public MemorySize tailBytes() {
      return size(256 << 10);
    }

    @Override
    public MemorySize chunk() {
      return size(256 << 10);
    }

    @Override
    public Duration storeTimeout() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Duration flushEvery() {
      return Duration.ofMillis(300);
    }

    private static MemorySize size(long bytes) {
      return new MemorySize(BigInteger.valueOf(bytes));
    }
  }

  /** What was kept of a run's log. */
  private record Log(String text, boolean truncated) {
    String end() {
      return text.substring(Math.max(0, text.length() - 200));
    }
  }

  @RepeatedTest(3)
  void theLastLineOfALongLogIsKept() throws Exception {
    // Given
    var line = "0123456789".repeat(10);
    // When
    var log = logOf("yes " + line + " | head -c 30300000; echo the-end", new Kept(10));
    // Then
    // a reader that is late for a rotation cannot know whether there was more behind the end
    assertThat(log.end()).matches("(?s).*\n" + line + "\nthe-end\n(\\[floe: [^\n]*]\n)?");
    assertThat(log.truncated()).isTrue();
    assertThat(log.text()).contains("\n[floe: ");
  }

  /**
   * After the end, the file that the node reads out is empty: the end is in one that it does not.
   */
  @Test
  void anEndThatIsRotatedAwayBeforeTheContainerEndsIsKept() throws Exception {
    // Given
    var line = "0123456789".repeat(10);
    var log = "yes " + line + " | head -c 30300000; echo the-end";
    // When: silent until the next look of the kubelet
    var kept = logOf(log + "; sleep 16", new Kept(10));
    // Then
    assertThat(kept.end()).matches("(?s).*\n" + line + "\nthe-end\n(\\[floe: [^\n]*]\n)?");
    assertThat(kept.truncated()).isTrue();
  }

  /**
   * Two bytes a line, faster than any reader: the node may remove the end before it was read. The
   * pause lets containerd 1.6 empty the output pipe: it drops what stands in it when a container
   * ends, so that the end is in no file of the node.
   */
  @Test
  void whatIsLostOfALogThatNobodyCanReadInTimeIsSaid() throws Exception {
    // When
    var log = logOf("yes | head -c 12000000; echo the-end; sleep 2", new Kept(10));
    // Then
    assertThat(log.truncated()).isTrue();
    assertThat(log.end()).matches("(?s).*(y\nthe-end|\n\\[floe: [^\n]*])\n");
  }

  @Test
  void whatFollowsARotationIsReadThoughTheKubeletStandsStill() throws Exception {
    // Given: enough for a rotation at once, then silence until it happens, then slow lines
    var many = "seq 1 1500000";
    var slow = "for k in $(seq 1 20); do echo slow $k; sleep 1; done; echo the-end";
    // When
    var log = logOf(many + "; sleep 12; " + slow, new Kept(64));
    // Then: nothing is missing, or it is said where
    var end =
        IntStream.rangeClosed(1, 20).mapToObj("slow %d\n"::formatted).collect(Collectors.joining());
    assertThat(log.end()).endsWith(end + "the-end\n");
    if (log.truncated()) {
      assertThat(log.text()).contains("\n[floe: ");
    } else {
      assertThat(log.text().lines().limit(1_500_000).toList())
          .isEqualTo(IntStream.rangeClosed(1, 1_500_000).mapToObj(Integer::toString).toList());
    }
  }

  private Log logOf(String script, LogConfig config) throws Exception {
    var namespace = cluster().namespace("kt-long-log");
    var runtime = open();
    var id = RunId.at(System.currentTimeMillis());
    var attempt = Attempts.shell(namespace, IMAGE, script).named(id);
    insert(attempt.ref());
    var uid = runtime.create(attempt.spec());
    runtime.release(attempt.ref(), uid);
    await()
        .atMost(LIMIT)
        .until(() -> !(runtime.observe(attempt.ref()) instanceof Observation.Waiting));
    var capture = new LogCapture(runtime, transactions, store, config, attempt.ref(), 1, () -> {});
    capture.start();
    await().atMost(LIMIT).until(() -> runtime.observe(attempt.ref()) instanceof Observation.Ended);
    boolean whole = capture.finish(DRAIN, () -> false);
    runtime.delete(attempt.ref(), uid);
    var text =
        RestAssured.given()
            .header("Authorization", "Bearer " + EmbeddedPostgresResource.TOKEN)
            .get("/api/v1/runs/" + attempt.ref().runId() + "/attempts/1/logs")
            .asString();
    boolean truncated = isTruncated(attempt.ref());
    System.out.printf(
        "%s: %d bytes kept, whole %s, truncated %s, marks %s%n",
        attempt.ref().name(),
        text.length(),
        whole,
        truncated,
        text.lines().filter(line -> line.startsWith("[floe: ")).toList());
    return new Log(text, truncated);
  }

  private static KubernetesJobRuntime open() {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(KubernetesRuntimeConfig.class)
            .withDefaultValues(
                Map.of(
                    "floe.launcher.kubernetes.termination-grace",
                    "PT5S",
                    "floe.launcher.kubernetes.run-as-user",
                    "65532"))
            .build()
            .getConfigMapping(KubernetesRuntimeConfig.class);
    return new KubernetesJobRuntime(cluster().client(), config, (_, _, _) -> {});
  }

  private boolean isTruncated(AttemptRef attempt) {
    return transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(
                        "select log_truncated from attempt where run_id = :id", Boolean.class)
                    .setParameter("id", attempt.runId())
                    .getSingleResult()));
  }

  private void insert(AttemptRef attempt) {
    execute(
        """
        insert into run (id, state, platform, domain, product, priority, request, payload_hash,
          trace_id, span_id, sampled, created_at, updated_at, deadline_at, attempt)
        values (:id, 'RUNNING', 'p', 'd', 'p', 0,
          '{"platform":"p","domain":"d","product":"p","kind":"custom","image":"i"}', '', '', '',
          false, now(), now(), now() + interval '1 day', 1)\
        """,
        attempt);
    execute(
        """
        insert into attempt (run_id, number, state, namespace, bindings, span_id, epoch, owner,
          lease_until, created_at, launch_deadline_at)
        values (:id, 1, 'RUNNING', 'weather', '[]', '', 1, 'me', now() + interval '1 day', now(),
          now() + interval '1 day')\
        """,
        attempt);
  }

  private void execute(String sql, AttemptRef attempt) {
    transactions.call(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery(sql)
                    .setParameter("id", attempt.runId())
                    .executeUpdate()));
  }
}
