package dev.floe.kit.kubernetes;

import dev.floe.contract.EventReason;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Emits Kubernetes Events (events.k8s.io/v1). They make things quick and are never the truth: the
 * queue is bounded, an Event that finds it full, or that the API server refuses, is counted and
 * dropped. Nothing that sending throws ends the loop, an {@code Error} included. Outside Kubernetes
 * nothing is emitted.
 */
@ApplicationScoped
public class KubernetesEvents {
  private static final Logger LOG = Logger.getLogger(KubernetesEvents.class);
  private static final int QUEUE = 1000;
  private static final int NOTE_MAX =
      1024; // bytes, events.k8s.io/v1 Event.note; characters are cut below
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private final Instance<KubernetesClient> client;
  private final boolean enabled;
  private final MeterRegistry meters;
  private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean stopped;

  KubernetesEvents(
      Instance<KubernetesClient> client,
      @ConfigProperty(name = "floe.runtime", defaultValue = "kubernetes") String runtime,
      MeterRegistry meters) {
    this.client = client;
    this.enabled = runtime.equals("kubernetes");
    this.meters = meters;
  }

  /**
   * Queues an Event; never blocks, never throws.
   *
   * @param controller {@code floe.dev/<service>}
   * @param instance who of the controller's replicas, usually the pod's name
   * @param regarding the object concerned; its namespace is the Event's
   * @param note what happened, without secrets
   */
  public void emit(
      String controller,
      String instance,
      ObjectReference regarding,
      EventReason reason,
      String note) {
    if (!enabled || stopped) {
      return;
    }
    var namespace = regarding.getNamespace() == null ? "default" : regarding.getNamespace();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(regarding.getName() + "-")
            .withNamespace(namespace)
            .endMetadata()
            .withEventTime(new MicroTime(ZonedDateTime.now(ZoneOffset.UTC).format(MICRO_TIME)))
            .withReportingController(controller)
            .withReportingInstance(instance)
            .withAction(reason.value())
            .withReason(reason.value())
            .withType(reason.warning() ? "Warning" : "Normal")
            .withRegarding(regarding)
            .withNote(cut(note))
            .build();
    if (!queue.offer(event)) {
      count("dropped");
      return;
    }
    if (running.compareAndSet(false, true)) {
      boolean started = false;
      try {
        Thread.ofVirtual().name("kubernetes-events").start(this::drain);
        started = true;
      } finally {
        if (!started) {
          running.set(false);
        }
      }
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  private void drain() {
    do {
      try {
        for (Event event = queue.poll(); event != null && !stopped; event = queue.poll()) {
          send(event);
        }
      } finally {
        running.set(false); // whatever ended the loop, the next Event begins another
      }
    } while (!stopped && !queue.isEmpty() && running.compareAndSet(false, true));
  }

  private void send(Event event) {
    try {
      client.get().resource(event).create();
      count("sent");
    } catch (RuntimeException | Error e) {
      count("refused");
      LOG.logf(
          warned.compareAndSet(false, true) ? Logger.Level.WARN : Logger.Level.DEBUG,
          "Event %s could not be sent (further failures are counted): %s",
          event.getReason(),
          e instanceof KubernetesClientException ? e.getMessage() : e);
    }
  }

  private void count(String outcome) {
    meters.counter("floe.kubernetes.events", "outcome", outcome).increment();
  }

  private static String cut(String note) {
    return note.length() > NOTE_MAX / 4 * 3 ? note.substring(0, NOTE_MAX / 4 * 3 - 1) + "…" : note;
  }
}
