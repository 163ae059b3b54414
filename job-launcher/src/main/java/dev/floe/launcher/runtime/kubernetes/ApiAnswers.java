package dev.floe.launcher.runtime.kubernetes;

import dev.floe.launcher.runtime.AccessLostException;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.regex.Pattern;

/** What the API server's errors mean for an attempt. Pure. */
final class ApiAnswers {
  /**
   * How every authorizer of Kubernetes words a denial; an admission plugin answers 403, too, but in
   * words of its own.
   */
  private static final Pattern NOT_AUTHORIZED = Pattern.compile("cannot \\S+ resource \"");

  private ApiAnswers() {}

  /** The error of a create, as the port names it. */
  static RuntimeException ofCreate(KubernetesClientException error, String namespace) {
    var words = words(error);
    return switch (error.getCode()) {
      case 403 -> {
        if (notAuthorized(words)) {
          yield AccessLostException.denied(
              "job-launcher may not create Jobs in "
                  + namespace
                  + "; platform-manager grants it to the domains of deployed platforms",
              error);
        }
        yield words.contains("being terminated") ? unavailable(error) : denied(words);
      }
      case 404 ->
          AccessLostException.missing(
              "There is no namespace "
                  + namespace
                  + ": declare the domain in the platform's manifest",
              error);
      case 400, 413, 422 -> refused("Invalid", words);
      default -> unavailable(error);
    };
  }

  /** The error of a change that admission refuses: 403 and 422, where the object is unchanged. */
  static RuntimeException ofChange(KubernetesClientException error) {
    var words = words(error);
    return switch (error.getCode()) {
      case 403 -> notAuthorized(words) ? unavailable(error) : denied(words);
      case 400, 422 -> refused("Invalid", words);
      default -> unavailable(error);
    };
  }

  /** Any other error: the call may be repeated. */
  static RuntimeUnavailableException unavailable(KubernetesClientException error) {
    var words = words(error);
    return error.getCode() == 403 && notAuthorized(words)
        ? AccessLostException.denied("Kubernetes denies job-launcher access: " + words, error)
        : new RuntimeUnavailableException("Kubernetes: " + words, error, refuses(error.getCode()));
  }

  /** Whether a status says something of this one call: not of who calls, nor of how much. */
  private static boolean refuses(int status) {
    return switch (status) {
      case 400, 403, 404, 405, 409, 410, 413, 415, 422 -> true;
      default -> false;
    };
  }

  private static boolean notAuthorized(String words) {
    return NOT_AUTHORIZED.matcher(words).find();
  }

  private static RuntimeException denied(String words) {
    return words.contains("exceeded quota")
        ? new LaunchRefusedException(new Obstacle(Obstacle.Kind.QUOTA, "Forbidden", words))
        : refused("Forbidden", words);
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
