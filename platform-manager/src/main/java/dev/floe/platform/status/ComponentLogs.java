package dev.floe.platform.status;

import dev.floe.contract.problem.ProblemType;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.PlatformReader;
import dev.floe.platform.runtime.ReaderGoneException;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Reads components' logs, each for one reader on a virtual thread of its own, never on an event
 * loop. The number of readers is bounded, and a reader that goes away or takes nothing frees its
 * place with everything that was started for it.
 */
@ApplicationScoped
class ComponentLogs {
  private static final Logger LOG = Logger.getLogger(ComponentLogs.class);

  private final PlatformReader runtime;
  private final LogsConfig config;
  private final AtomicInteger readers;

  ComponentLogs(PlatformReader runtime, LogsConfig config, MeterRegistry meters) {
    this.runtime = runtime;
    this.config = config;
    this.readers = meters.gauge("floe.platform.log.readers", new AtomicInteger());
  }

  /** Readers whose threads have not ended. */
  int readers() {
    return readers.get();
  }

  /**
   * A component's log as a stream that begins with an empty buffer as soon as the log is open.
   * Fails with a {@link FloeException} when there are too many readers, or before the first buffer
   * when the runtime is away or refuses.
   */
  Multi<Buffer> read(
      Plan plan, PlannedComponent component, int tail, boolean follow, boolean previous) {
    return Multi.createFrom()
        .deferred(() -> {
          var reader =
              new Reader(
                  plan, component, new LogRequest(tail, follow, previous, config.maxBytes()));
          return Multi.createFrom()
              .<Buffer>emitter(reader::start)
              .onRequest()
              .invoke(reader::request);
        });
  }

  /** One reader's stream. */
  private final class Reader {
    private final Plan plan;
    private final PlannedComponent component;
    private final LogRequest request;
    private final CompletableFuture<LogPipe> pipe = new CompletableFuture<>();

    private Reader(Plan plan, PlannedComponent component, LogRequest request) {
      this.plan = plan;
      this.component = component;
      this.request = request;
    }

    /** Requests may come before the subscription has reached the emitter. */
    private void request(long pieces) {
      var _ = pipe.thenAccept(open -> open.request(pieces));
    }

    private void start(MultiEmitter<? super Buffer> emitter) {
      if (readers.incrementAndGet() > config.maxReaders()) {
        readers.decrementAndGet();
        emitter.fail(
            FloeException.later(
                ProblemType.UNAVAILABLE,
                "%d readers of logs are served already; close one or try again later"
                    .formatted(config.maxReaders()),
                Duration.ofSeconds(5)));
        return;
      }
      var opened = new LogPipe(emitter, config.stallTimeout(), config.heartbeat());
      var thread =
          Thread.ofVirtual()
              .name("logs-" + plan.platform() + "-" + component.name())
              .unstarted(() -> {
                try {
                  copy(opened, emitter);
                } finally {
                  readers.decrementAndGet();
                }
              });
      emitter.onTermination(() -> {
        opened.close();
        thread.interrupt();
      });
      pipe.complete(opened);
      thread.start();
    }

    private void copy(LogPipe opened, MultiEmitter<? super Buffer> emitter) {
      try {
        var log = runtime.logs(plan, component, request);
        opened.begin();
        log.copy(opened);
        opened.flush();
        emitter.complete();
      } catch (RuntimeUnavailableException e) {
        emitter.fail(
            FloeException.later(
                ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), Duration.ofSeconds(5)));
      } catch (RolloutFailedException e) {
        emitter.fail(FloeException.of(ProblemType.CONFLICT, String.valueOf(e.getMessage())));
      } catch (ReaderGoneException | InterruptedIOException e) {
        LOG.debugf("A reader of %s of %s left: %s", component.name(), plan.platform(), e);
        emitter.complete();
      } catch (IOException e) {
        // The answer has begun: it breaks off, so that nobody takes the part for the whole.
        LOG.warnf("The log of %s of %s broke off: %s", component.name(), plan.platform(), e);
        emitter.fail(e);
      } catch (RuntimeException | Error e) {
        emitter.fail(e);
      }
    }
  }
}
