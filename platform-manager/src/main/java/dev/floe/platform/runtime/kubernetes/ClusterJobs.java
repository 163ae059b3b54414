package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.LogSink;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import dev.floe.platform.runtime.SeenWorkload;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Jobs of components: each is run once, and once more by a later release where it failed. */
final class ClusterJobs {
  private static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";

  private final ClusterObjects objects;
  private final String platform;

  ClusterJobs(ClusterObjects objects, String platform) {
    this.objects = objects;
    this.platform = platform;
  }

  /**
   * Makes room for a Job that is about to be applied: one that failed before is deleted.
   *
   * @throws RuntimeUnavailableException until the former one is gone
   */
  void makeRoom(ObjectNode planned) {
    var live = objects.live(objects.typed(planned));
    if (live.isEmpty() || Ownership.foreign(live.get(), platform).isPresent()) {
      return; // applying it says whose it is
    }
    boolean going = live.get().getMetadata().getDeletionTimestamp() != null;
    if (!going && !ObjectReadiness.hasFailed(objects.tree(live.get()))) {
      return;
    }
    if (!going) {
      objects.delete(live.get());
    }
    throw new RuntimeUnavailableException(
        Extent.OBJECT,
        "%s failed before; it runs again once the former one is deleted"
            .formatted(ClusterObjects.name(live.get())),
        new IllegalStateException());
  }

  /** How a Job is doing. */
  SeenWorkload observe(Job live, ClusterSnapshot snapshot, Function<Job, List<Event>> events) {
    var seen = ObjectReadiness.of(objects.tree(live));
    if (seen.ready() || seen.failing() || !seen.reason().equals("Running")) {
      return seen;
    }
    var pods = snapshot.pods(label(live));
    return WorkloadReadiness.of(live, pods, pods.isEmpty() ? events.apply(live) : List.of());
  }

  /** What became of a Job; empty while it has not ended, or is not there. */
  Optional<JobRun> run(Job planned) {
    return objects
        .live(planned)
        .filter(live -> {
          var seen = ObjectReadiness.of(objects.tree(live));
          return seen.ready() || seen.failing();
        })
        .map(live ->
            new JobRun(
                live.getMetadata().getName(),
                live.getMetadata().getUid(),
                ObjectReadiness.of(objects.tree(live)).ready(),
                time(live.getStatus().getStartTime()),
                ended(live),
                log(live)));
  }

  private static @Nullable Instant ended(Job job) {
    var completed = job.getStatus().getCompletionTime();
    return completed != null
        ? time(completed)
        : job.getStatus().getConditions().stream()
            .map(condition -> time(condition.getLastTransitionTime()))
            .reduce(null, (one, other) -> other);
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private List<Pod> pods(Job job) {
    return ClusterObjects.call(
        "listing pods",
        () ->
            objects
                .client()
                .pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withLabels(label(job))
                .list()
                .getItems());
  }

  private static Map<String, String> label(Job job) {
    return Map.of(CONTROLLER_UID, job.getMetadata().getUid());
  }

  /** What there is of its log; a log that cannot be read says so. */
  private String log(Job job) {
    var text = new ByteArrayOutputStream();
    try {
      new ClusterLogs(
              objects.client(),
              job.getMetadata().getNamespace(),
              label(job),
              pods(job),
              new LogRequest(JobRun.LOG_LINES, false, false, JobRun.LOG_BYTES))
          .copy(new Sink(text));
    } catch (IOException | RuntimeException e) {
      text.writeBytes("(the log could not be read)\n".getBytes(StandardCharsets.UTF_8));
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private record Sink(ByteArrayOutputStream text) implements LogSink {
    @Override
    public void write(byte[] lines) {
      text.writeBytes(lines);
    }

    @Override
    public void flush() {}

    @Override
    public void idle() {}
  }
}
