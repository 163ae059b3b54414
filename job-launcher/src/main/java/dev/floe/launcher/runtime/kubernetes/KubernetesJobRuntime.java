package dev.floe.launcher.runtime.kubernetes;

import dev.floe.contract.EventReason;
import dev.floe.contract.Names;
import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs each attempt as a Job. */
public final class KubernetesJobRuntime implements JobRuntime, AutoCloseable {
  private static final String JOB_UID = "batch.kubernetes.io/controller-uid";
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int REJECTED = 422;
  private static final int TRIES = 5;

  private final KubernetesClient client;
  private final KubernetesRuntimeConfig config;
  private final Announcer announcer;
  private final Map<String, NamespaceWatch> watches = new ConcurrentHashMap<>();
  private final RememberedEndings remembered = new RememberedEndings();
  private volatile Listener listener = _ -> {};

  /** Emits a Kubernetes Event on a Job. */
  @FunctionalInterface
  interface Announcer {
    /** Never blocks, never throws. */
    void announce(ObjectReference job, EventReason reason, String note);
  }

  /** Uses the client for as long as it lives; nothing is watched yet. */
  KubernetesJobRuntime(
      KubernetesClient client, KubernetesRuntimeConfig config, Announcer announcer) {
    this.client = client;
    this.config = config;
    this.announcer = announcer;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public void listen(Listener whoHears) {
    listener = whoHears;
  }

  @Override
  public void watch(String namespace) {
    watches.computeIfAbsent(
        namespace,
        name ->
            NamespaceWatch.open(
                client, name, attempt -> listener.changed(attempt), remembered::remember));
  }

  @Override
  public String create(AttemptSpec spec) {
    var job = JobTemplate.render(spec, config);
    for (int i = 0; i < TRIES; i++) {
      try {
        return client
            .batch()
            .v1()
            .jobs()
            .inNamespace(spec.ref().namespace())
            .resource(job)
            .create()
            .getMetadata()
            .getUid();
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT) {
          throw ApiAnswers.ofCreate(e, spec.ref().namespace());
        }
      }
      var present = find(spec.ref());
      if (present.isPresent()) {
        var uid = uidOfSameClaim(spec, present.get());
        if (uid.isPresent()) {
          return uid.get();
        }
      }
    }
    throw unavailable(
        "The Job " + spec.ref().name() + " of an earlier claim is still being removed");
  }

  @Override
  public void release(AttemptRef attempt, String uid) {
    var patch =
        """
        [{"op":"test","path":"/metadata/uid","value":"%s"},
         {"op":"replace","path":"/spec/suspend","value":false}]\
        """
            .formatted(uid);
    try {
      client
          .batch()
          .v1()
          .jobs()
          .inNamespace(attempt.namespace())
          .withName(attempt.name())
          .patch(PatchContext.of(PatchType.JSON), patch);
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND) {
        return;
      }
      // 422 says that the uid differs, or that an admission plugin refuses the change.
      if (e.getCode() != REJECTED || isStillSuspended(attempt, uid)) {
        throw ApiAnswers.ofChange(e);
      }
    }
  }

  private boolean isStillSuspended(AttemptRef attempt, String uid) {
    return find(attempt)
        .filter(job -> uid.equals(job.getMetadata().getUid()))
        .filter(KubernetesJobRuntime::isSuspended)
        .isPresent();
  }

  @Override
  public Observation observe(AttemptRef attempt) {
    var job = find(attempt);
    var pod =
        pods(attempt).stream().filter(p -> job.isEmpty() || belongs(p, job.get())).findFirst();
    if (pod.isPresent()) {
      // A pod outlives its Job where that was removed without its dependents: it is the attempt.
      var uid = job.map(j -> j.getMetadata().getUid()).orElseGet(() -> ownerUid(pod.get()));
      return observe(uid, job, pod.get());
    }
    return job.map(this::withoutPod)
        .or(() -> remembered.find(attempt))
        .orElseGet(Observation.Absent::new);
  }

  /**
   * Sets the pod's deadline to now: its processes get their signal and the pod stays, with its log,
   * which deleting it would not leave. The grace is the one that every pod is made with.
   */
  @Override
  public void stop(AttemptRef attempt, Duration grace) {
    var patch =
        """
        {"metadata":{"annotations":{"%s":"true"}},"spec":{"activeDeadlineSeconds":1}}\
        """
            .formatted(PodReading.STOPPED);
    for (var pod : pods(attempt)) {
      if (!PodReading.isOver(pod)) {
        call(() ->
            client
                .pods()
                .inNamespace(attempt.namespace())
                .withName(pod.getMetadata().getName())
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch));
      }
    }
  }

  @Override
  public void delete(AttemptRef attempt, String uid) {
    boolean ended = true;
    for (int i = 0; i < TRIES; i++) {
      var job = find(attempt).filter(j -> uid.equals(j.getMetadata().getUid()));
      if (job.isEmpty()) {
        removeOrphans(attempt, uid);
        return;
      }
      boolean endedBefore = ended;
      ended = JobReading.ending(job.get()).isPresent();
      if (ended && !endedBefore) {
        return; // it came to its end while it was being removed: that is to be seen first
      }
      if (remove(job.get())) {
        return;
      }
    }
    throw unavailable("The Job " + attempt.name() + " changes faster than it can be removed");
  }

  /**
   * Removes pods that were left when their Job was removed without its dependents. Their owner is
   * written into them again: the garbage collector deletes what belongs to an owner that is gone.
   * Deleting pods is a right that this launcher does not have.
   */
  private void removeOrphans(AttemptRef attempt, String uid) {
    var patch =
        """
        {"metadata":{"ownerReferences":[
          {"apiVersion":"batch/v1","kind":"Job","name":"%s","uid":"%s"}]}}\
        """
            .formatted(attempt.name(), uid);
    for (var pod : pods(attempt)) {
      if (uid.equals(ownerUid(pod))
          && pod.getMetadata().getDeletionTimestamp() == null
          && pod.getMetadata().getOwnerReferences().isEmpty()) {
        call(() ->
            client
                .pods()
                .inNamespace(attempt.namespace())
                .withName(pod.getMetadata().getName())
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch));
      }
    }
  }

  @Override
  public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
    return podWithLog(attempt).flatMap(pod -> PodLog.open(client, pod, from, follow));
  }

  @Override
  public Optional<AttemptLog> logEnd(AttemptRef attempt, LogPosition from, int lines) {
    return podWithLog(attempt).flatMap(pod -> PodLog.openEnd(client, pod, from, lines));
  }

  private Optional<Pod> podWithLog(AttemptRef attempt) {
    return pods(attempt).stream().filter(PodLog::hasLog).findFirst();
  }

  @Override
  public void announce(AttemptRef attempt, String uid, EventReason reason, String note) {
    var job =
        new ObjectReferenceBuilder()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withNamespace(attempt.namespace())
            .withName(attempt.name())
            .withUid(uid)
            .build();
    announcer.announce(job, reason, note);
  }

  @Override
  public void close() {
    watches.values().forEach(NamespaceWatch::close);
    watches.clear();
  }

  private Observation observe(String uid, Optional<Job> job, Pod pod) {
    var name = pod.getMetadata().getName();
    var node = pod.getSpec().getNodeName();
    if (PodReading.isOver(pod)) {
      var ending = job.isPresent() ? PodReading.ending(pod) : PodReading.endingWithoutJob(pod);
      return new Observation.Ended(uid, name, node, ending);
    }
    var since = PodReading.runningSince(pod);
    if (since.isPresent()) {
      return new Observation.Running(uid, name, node, since.get());
    }
    var suspended = job.map(KubernetesJobRuntime::isSuspended).orElse(false);
    return new Observation.Waiting(uid, suspended, PodReading.obstacle(pod));
  }

  private Observation withoutPod(Job job) {
    var uid = job.getMetadata().getUid();
    var ending = JobReading.endingWithoutPod(job, remembered.find(uid));
    if (ending.isPresent()) {
      return new Observation.Ended(uid, null, null, ending.get());
    }
    return new Observation.Waiting(uid, isSuspended(job), isSuspended(job) ? null : whyNoPod(job));
  }

  private @Nullable Obstacle whyNoPod(Job job) {
    var events =
        call(() ->
            client
                .v1()
                .events()
                .inNamespace(job.getMetadata().getNamespace())
                .withField("involvedObject.uid", job.getMetadata().getUid())
                .withField("reason", "FailedCreate")
                .list()
                .getItems());
    return events.stream()
        .max(Comparator.comparing(KubernetesJobRuntime::lastSeen))
        .map(event -> JobReading.failedCreate(String.valueOf(event.getMessage())))
        .orElse(null);
  }

  /**
   * The uid of a Job that this claim made before, or that an earlier claim let run: the database
   * may have lost that it did (a failover, a restore), and its work is never begun again. What an
   * earlier claim only created is removed.
   */
  private Optional<String> uidOfSameClaim(AttemptSpec spec, Job present) {
    if (JobReading.attempt(present).filter(spec.ref()::equals).isEmpty()) {
      throw new LaunchRefusedException(
          new Obstacle(
              Obstacle.Kind.ADMISSION_DENIED,
              "AlreadyExists",
              "There is a Job " + spec.ref().name() + " that job-launcher did not make"));
    }
    var epoch = JobReading.epoch(present);
    if (epoch > spec.epoch()) {
      throw unavailable(spec.ref().name() + " was taken over by a later claim");
    }
    if (epoch == spec.epoch() && present.getMetadata().getDeletionTimestamp() == null) {
      return Optional.of(present.getMetadata().getUid());
    }
    if (present.getMetadata().getDeletionTimestamp() == null) {
      if (!isSuspended(present)) {
        return Optional.of(present.getMetadata().getUid());
      }
      remove(present); // by its resource version: not if it was let run since it was read
    }
    return Optional.empty();
  }

  /** Whether it was removed, or was gone already; not where it changed since it was read. */
  private boolean remove(Job job) {
    try {
      client
          .batch()
          .v1()
          .jobs()
          .resource(job)
          .lockResourceVersion(job.getMetadata().getResourceVersion())
          .delete();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND) {
        return true;
      }
      if (e.getCode() == CONFLICT) {
        return false;
      }
      throw ApiAnswers.unavailable(e);
    }
  }

  private Optional<Job> find(AttemptRef attempt) {
    return Optional.ofNullable(
        call(() ->
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(attempt.namespace())
                .withName(attempt.name())
                .get()));
  }

  /** The attempt's pods, the newest first; there is more than one only while one is replaced. */
  private List<Pod> pods(AttemptRef attempt) {
    var labels =
        Map.of(
            Names.Labels.MANAGED_BY, Names.Services.JOB_LAUNCHER,
            Names.Labels.RUN, attempt.runId(),
            Names.Labels.ATTEMPT, Integer.toString(attempt.number()));
    return call(() ->
            client.pods().inNamespace(attempt.namespace()).withLabels(labels).list().getItems())
        .stream()
        .sorted(Comparator.comparing((Pod p) -> p.getMetadata().getCreationTimestamp()).reversed())
        .toList();
  }

  private static boolean belongs(Pod pod, Job job) {
    return job.getMetadata().getUid().equals(ownerUid(pod));
  }

  private static String ownerUid(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(JOB_UID, "");
  }

  private static boolean isSuspended(Job job) {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  private static String lastSeen(Event event) {
    if (event.getLastTimestamp() != null) {
      return event.getLastTimestamp();
    }
    return String.valueOf(event.getMetadata().getCreationTimestamp());
  }

  private static <T extends @Nullable Object> T call(Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw ApiAnswers.unavailable(e);
    }
  }

  private static RuntimeUnavailableException unavailable(String what) {
    return new RuntimeUnavailableException(what, new IllegalStateException(what));
  }
}
