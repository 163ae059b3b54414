package dev.floe.launcher.runtime.kubernetes;

import dev.floe.contract.Names;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.Ending.Cause;
import dev.floe.launcher.runtime.Obstacle;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a Job's status says about its attempt where its pod says nothing any more. Pure. */
final class JobReading {
  private static final Pattern EXIT_CODE = Pattern.compile("failed with exit code (\\d+)");

  private static final String CREATING = "Error creating: ";

  private JobReading() {}

  /** The attempt of one of this launcher's own objects. */
  static Optional<AttemptRef> attempt(HasMetadata object) {
    var labels = object.getMetadata().getLabels();
    if (labels == null
        || !Names.Services.JOB_LAUNCHER.equals(labels.get(Names.Labels.MANAGED_BY))) {
      return Optional.empty();
    }
    var run = labels.get(Names.Labels.RUN);
    var number = labels.get(Names.Labels.ATTEMPT);
    if (run == null || number == null || !number.matches("\\d{1,6}")) {
      return Optional.empty();
    }
    return Optional.of(
        new AttemptRef(object.getMetadata().getNamespace(), run, Integer.parseInt(number)));
  }

  /** The epoch of the claim that created it. */
  static long epoch(Job job) {
    var annotations = job.getMetadata().getAnnotations();
    var text =
        (annotations == null ? Map.<String, String>of() : annotations).get(Names.Annotations.EPOCH);
    return text == null || !text.matches("\\d{1,18}") ? Long.MIN_VALUE : Long.parseLong(text);
  }

  /** How it ended, as far as the Job alone says so. */
  static Optional<Ending> ending(Job job) {
    var complete = condition(job, "Complete");
    if (complete.isPresent()) {
      return Optional.of(ending(Cause.EXITED, 0, complete.get(), job));
    }
    return condition(job, "Failed").map(failed -> failed(job, failed));
  }

  /**
   * How it ended where its pod is gone; empty where the Job neither ended nor is being removed.
   *
   * @param remembered how the pod stood when it was last seen, as it is read with and without the
   *     Job; empty where it was not seen
   */
  static Optional<Ending> endingWithoutPod(Job job, Optional<RememberedEndings.Last> remembered) {
    var ending = ending(job);
    if (ending.isPresent()) {
      // A Job that is complete has succeeded, whatever the pod looked like; it knows less of when.
      return remembered
          .map(RememberedEndings.Last::withJob)
          .filter(last -> condition(job, "Complete").isPresent() ? isSuccess(last) : isEnd(last))
          .or(() -> ending);
    }
    return job.getMetadata().getDeletionTimestamp() == null
        ? Optional.empty()
        : remembered
            .map(RememberedEndings.Last::withoutJob)
            .or(() -> Optional.of(new Ending(Cause.JOB_DELETED, null, null, null, null, null)));
  }

  /** Of a pod that was not seen to end nothing is known but that it is gone. */
  private static boolean isEnd(Ending ending) {
    return ending.cause() != Cause.POD_DELETED || ending.exitCode() != null;
  }

  private static boolean isSuccess(Ending ending) {
    return ending.cause() == Cause.EXITED && Objects.equals(ending.exitCode(), 0);
  }

  /** What an Event of the reason FailedCreate means. */
  static Obstacle failedCreate(String message) {
    var words = message.startsWith(CREATING) ? message.substring(CREATING.length()) : message;
    if (words.contains("exceeded quota")) {
      return new Obstacle(Obstacle.Kind.QUOTA, "FailedCreate", words);
    }
    if (words.contains("forbidden")
        && !words.contains("unable to create new content in namespace")
        && !words.contains("error looking up service account")) {
      return new Obstacle(Obstacle.Kind.ADMISSION_DENIED, "FailedCreate", words);
    }
    return new Obstacle(Obstacle.Kind.OTHER, "FailedCreate", words);
  }

  private static Ending failed(Job job, JobCondition failed) {
    var message = failed.getMessage() == null ? "" : failed.getMessage();
    if ("PodFailurePolicy".equals(failed.getReason())) {
      var code = EXIT_CODE.matcher(message);
      if (!code.find()) {
        return ending(Cause.EVICTED, null, failed, job);
      }
      var number = Integer.parseInt(code.group(1));
      return ending(
          PodReading.BY_DELETION.contains(number) ? Cause.POD_DELETED : Cause.EXITED,
          number,
          failed,
          job);
    }
    return ending(Cause.POD_DELETED, null, failed, job);
  }

  private static Ending ending(
      Cause cause, @Nullable Integer code, JobCondition condition, Job job) {
    return new Ending(
        cause,
        code,
        condition.getReason(),
        cause == Cause.EXITED ? null : condition.getMessage(),
        instant(job.getStatus().getStartTime()),
        instant(condition.getLastTransitionTime()));
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    if (job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst();
  }

  private static @Nullable Instant instant(@Nullable String time) {
    return time == null || time.isBlank() ? null : Instant.parse(time);
  }
}
