package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server's errors mean for a launch. Pure. */
final class ApiAnswers {
  private ApiAnswers() {}

  /** The error of a create, as the port names it. */
  static RuntimeException ofCreate(KubernetesClientException error, String namespace) {
    var words = words(error);
    return switch (error.getCode()) {
      case 403 -> forbidden(error, words, namespace);
      case 404 ->
          refused(
              "NotFound",
              "There is no namespace "
                  + namespace
                  + ": declare the domain in the platform's manifest");
      case 400, 413, 422 -> refused("Invalid", words);
      default -> unavailable(error);
    };
  }

  /** Any other error: the call may be repeated. */
  static RuntimeUnavailableException unavailable(KubernetesClientException error) {
    return new RuntimeUnavailableException("Kubernetes: " + words(error), error);
  }

  private static RuntimeException forbidden(
      KubernetesClientException error, String words, String namespace) {
    if (words.contains("cannot create resource")) {
      return new RuntimeUnavailableException(
          "job-launcher may not create Jobs in " + namespace + " yet; platform-manager grants it",
          error);
    }
    if (words.contains("exceeded quota")) {
      return new LaunchRefusedException(new Obstacle(Obstacle.Kind.QUOTA, "Forbidden", words));
    }
    return words.contains("being terminated") ? unavailable(error) : refused("Forbidden", words);
  }

  private static LaunchRefusedException refused(String reason, String words) {
    return new LaunchRefusedException(new Obstacle(Obstacle.Kind.ADMISSION_DENIED, reason, words));
  }

  private static String words(KubernetesClientException error) {
    var status = error.getStatus();
    var message = status == null ? null : status.getMessage();
    return message == null ? String.valueOf(error.getMessage()) : message;
  }
}
