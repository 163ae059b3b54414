package dev.floe.launcher.feed;

import dev.floe.launcher.database.LimitedPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hears what other replicas (and this one) commit, over one PostgreSQL connection that listens.
 * Notices can be lost while it reconnects: whoever waits also looks by itself, slowly.
 */
@ApplicationScoped
public class Notifications {
  static final String CHANNEL = "floe_job_launcher";
  private static final Logger LOG = Logger.getLogger(Notifications.class);
  private static final long RECONNECT_MILLIS = 2000;

  private final Vertx vertx;
  private final Pool pool;
  private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean reconnecting = new AtomicBoolean();
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile boolean stopped;
  private volatile @Nullable SqlConnection connection;

  Notifications(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  /** Adds a listener; it is called on an event loop and must not block. */
  public void listen(Consumer<Notice> listener) {
    listeners.add(listener);
  }

  void start(@Observes StartupEvent event) {
    connect();
    // Shorter than the connection's read timeout, so that only a broken connection stays silent.
    vertx.setPeriodic(LimitedPool.LISTENER_PROBE.toMillis(), ignored -> probe());
  }

  /** Asks something, so that a connection that is dead without a word is noticed and closed. */
  private void probe() {
    var open = connection;
    if (open != null && !stopped && probing.compareAndSet(false, true)) {
      open.query("select 1").execute().onComplete(ignored -> probing.set(false));
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    var open = connection;
    if (open != null) {
      open.close();
    }
  }

  private void connect() {
    if (stopped) {
      return;
    }
    pool.getConnection()
        .onSuccess(this::listenOn)
        .onFailure(e -> {
          LOG.debugf("Cannot listen to PostgreSQL yet: %s", e.getMessage());
          again();
        });
  }

  private void listenOn(SqlConnection open) {
    connection = open;
    var listening = PgConnection.cast(open);
    listening.notificationHandler(message -> hear(message.getPayload()));
    listening.closeHandler(ignored -> {
      connection = null;
      probing.set(false);
      again();
    });
    listening
        .query("listen " + CHANNEL)
        .execute()
        .onFailure(e -> {
          LOG.debugf("Cannot listen to PostgreSQL yet: %s", e.getMessage());
          open.close();
          again();
        });
  }

  private void again() {
    if (!stopped && reconnecting.compareAndSet(false, true)) {
      vertx.setTimer(
          RECONNECT_MILLIS,
          ignored -> {
            reconnecting.set(false);
            connect();
          });
    }
  }

  private void hear(String payload) {
    Notice.parse(payload).ifPresent(notice -> listeners.forEach(one -> one.accept(notice)));
  }
}
