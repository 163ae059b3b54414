package dev.floe.launcher.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.RunState;
import dev.floe.launcher.LauncherSurroundings;
import dev.floe.launcher.attempt.AttemptEngine;
import dev.floe.launcher.attempt.AttemptStore;
import dev.floe.launcher.binding.BindingService;
import dev.floe.launcher.database.Json;
import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.log.LogConfig;
import dev.floe.launcher.log.LogSource;
import dev.floe.launcher.log.LogStore;
import dev.floe.launcher.run.RunConfig;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.trace.RecordedSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replica freezes inside a transaction, after any of its statements: another continues launching,
 * and takes over what the first held.
 */
@QuarkusTest
@TestProfile(FrozenTransactionTest.Proxied.class)
@Tag("slow")
class FrozenTransactionTest {
  /** The application does nothing by itself, and reaches its database through a proxy. */
  public static final class Proxied implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.scheduler.enabled", "false", "floe.launcher.queue.max-active", "0");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(
          new TestResourceEntry(ProxiedDatabase.class),
          new TestResourceEntry(LauncherSurroundings.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }
  }

  private static final int MOST_STATEMENTS = 30;

  @Inject Transactions transactions;
  @Inject RunStore runs;
  @Inject RunService service;
  @Inject AttemptStore attempts;
  @Inject ClaimStore claims;
  @Inject BindingService bindings;
  @Inject LogStore logs;
  @Inject LogConfig logConfig;
  @Inject RunConfig runConfig;
  @Inject Json json;
  @Inject MeterRegistry meters;

  @ConfigProperty(name = ProxiedDatabase.PROXY)
  int port;

  @ConfigProperty(name = ProxiedDatabase.SERVER)
  int server;

  /** One for all tests: pooled connections outlive each of them. */
  private static @Nullable FreezingProxy started;

  private FreezingProxy proxy;

  @BeforeEach
  void startProxy() throws IOException {
    if (started == null) {
      started = new FreezingProxy(port, server);
    }
    proxy = started;
    await()
        .atMost(30, SECONDS)
        .ignoreExceptions()
        .until(() -> transactions.call(runs::deleteAll) >= 0);
  }

  @AfterAll
  static void stopProxy() throws IOException {
    if (started != null) {
      started.close();
      started = null;
    }
  }

  /** Freezes as a whole with its first transaction that a method begins. */
  private final class Freezing extends Transactions {
    private final String method;
    private final int statements;
    private boolean armed;
    private boolean passed;

    private Freezing(String method, int statements) {
      super(Duration.ofSeconds(60));
      this.method = method;
      this.statements = statements;
    }

    @Override
    public <T> T call(Supplier<Uni<T>> work) {
      proxy.awaitThaw();
      boolean mine = arms();
      try {
        return transactions.call(work);
      } finally {
        if (mine) {
          passed = true;
        }
        proxy.awaitThaw();
      }
    }

    private synchronized boolean arms() {
      if (armed || !called(method)) {
        return false;
      }
      armed = true;
      proxy.arm(statements);
      return true;
    }

    private static boolean called(String method) {
      return StackWalker.getInstance()
          .walk(frames -> frames.skip(3).limit(4).anyMatch(f -> name(f).equals(method)));
    }

    private static String name(StackWalker.StackFrame frame) {
      var type = frame.getClassName();
      return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
    }

    private JobRuntime around(JobRuntime runtime) {
      return (JobRuntime)
          Proxy.newProxyInstance(
              Freezing.class.getClassLoader(),
              new Class<?>[] {JobRuntime.class},
              (self, call, args) -> {
                proxy.awaitThaw();
                try {
                  return call.invoke(runtime, args);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                } finally {
                  proxy.awaitThaw();
                }
              });
    }
  }

  private final class Replica implements Closeable {
    private final AttemptEngine engine;
    private final Thread thread;
    private volatile boolean stopped;

    private Replica(Transactions database, JobRuntime runtime) {
      engine =
          new AttemptEngine(
              "replica-" + UUID.randomUUID(),
              database,
              runs,
              attempts,
              json,
              runtime,
              new LogSource(runtime, database, logs, logConfig),
              new Brisk(),
              runConfig,
              new RecordedSpans().finished(),
              meters);
      var dispatcher =
          new Dispatcher(database, runs, service, claims, bindings, engine, new Roomy(), () -> {});
      thread =
          Thread.ofVirtual()
              .start(() -> {
                while (!stopped) {
                  try {
                    dispatcher.round();
                    engine.renew();
                    engine.takeOver();
                  } catch (RuntimeException e) {
                    // the next round comes anyway, as in production
                  }
                  try {
                    Thread.sleep(50); // the period of the schedule that drives a real replica
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
    }

    @Override
    public void close() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      engine.halt();
    }
  }

  private static <T> T onContext(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(work);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private String submitted() {
    var request =
        new RunRequest(
            "weather",
            null,
            "weather",
            "daily",
            null,
            RunKind.CUSTOM,
            "image",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    // A connection that the server has closed fails once, as a caller of the REST API meets it too.
    var key = UUID.randomUUID().toString();
    return await()
        .atMost(10, SECONDS)
        .ignoreExceptions()
        .until(
            () -> onContext(() -> service.submit(request, key, null)).run().id(), Objects::nonNull);
  }

  private Run run(String id) {
    return onContext(() -> service.get(id));
  }

  private Run ended(String id) {
    return await()
        .atMost(10, SECONDS)
        .ignoreExceptions()
        .until(() -> run(id), run -> run.state().terminal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Dispatcher.round",
        "Dispatcher.look",
        "AttemptJournal.adopt",
        "AttemptJournal.released",
        "AttemptJournal.end",
        "AttemptEngine.takeOver",
      })
  void anotherReplicaGoesOnWhateverTheFrozenOneWasDoing(String method) throws Exception {
    int frozen = 0;
    for (int statement = 0; statement < MOST_STATEMENTS; statement++) {
      // Given: a replica that stands still after this statement
      var runtime = new MemoryRuntime(Duration.ofMillis(50), 0);
      var first = submitted();
      var database = new Freezing(method, statement);
      try (var late = new Replica(database, database.around(runtime))) {
        await().atMost(30, SECONDS).until(() -> proxy.frozen() || database.passed);
        if (!proxy.frozen()) {
          proxy.thaw();
          ended(first);
          break; // the transaction has no more statements
        }
        frozen++;
        // When
        try (var _ = new Replica(transactions, runtime)) {
          var second = submitted();
          // Then: the other begins a new run and takes over what the first held
          assertThat(ended(second).state()).isEqualTo(RunState.SUCCEEDED);
          assertThat(ended(first).state()).isEqualTo(RunState.SUCCEEDED);
          // When
          proxy.thaw();
          // Then: who wakes up late repeats nothing
          await().atMost(30, SECONDS).until(() -> late.engine.held() == 0);
          assertThat(runtime.starts())
              .as("%s, statement %d", method, statement)
              .isEqualTo(Map.of(first + "-1", 1, second + "-1", 1));
          assertThat(runtime.breaches()).isEmpty();
        }
      }
    }
    assertThat(frozen).isPositive();
  }
}
