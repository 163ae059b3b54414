package dev.floe.platform.runtime.kubernetes;

import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeUnavailableException;
import dev.floe.platform.runtime.RuntimeUnavailableException.Extent;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells an API server that is away from one that refuses. Pure.
 *
 * <p>The client reports every transport failure with a code below 1. HTTP 401 counts as away: a
 * token that expired or a webhook that is down is repaired without another manifest, and nothing
 * was changed meanwhile. HTTP 409 and a namespace that is being terminated concern one object: the
 * call is worth repeating on what is read anew, and the API server is not away.
 */
final class ApiErrors {
  /** Further HTTP codes below 500 after which the same call may succeed later. */
  private static final Set<Integer> REPEATABLE = Set.of(408, 429);

  private ApiErrors() {}

  /**
   * The error as the runtime port names it.
   *
   * @param what the call in progress, for example {@code applying Deployment/a/b}
   * @return {@link RuntimeUnavailableException} or {@link RolloutFailedException}
   */
  static RuntimeException of(String what, KubernetesClientException error) {
    int code = error.getCode();
    var words = words(error);
    if (code < 1) {
      return isTransport(error)
          ? new RuntimeUnavailableException(
              Extent.CONNECTION,
              "the API server cannot be reached (%s): %s".formatted(what, origin(error)),
              error)
          : new RolloutFailedException(
              "the Kubernetes client failed (%s): %s".formatted(what, words), error);
    }
    if (code == 401) {
      return new RuntimeUnavailableException(
          Extent.ANSWER,
          "the API server does not accept platform-manager's credentials (%s): %s"
              .formatted(what, words),
          error);
    }
    if (code == 409 || isTerminating(code, words)) {
      return new RuntimeUnavailableException(
          Extent.OBJECT,
          "%s is not possible now (HTTP %d): %s".formatted(what, code, words),
          error);
    }
    if (code >= 500 || REPEATABLE.contains(code)) {
      return new RuntimeUnavailableException(
          Extent.ANSWER,
          "the API server is not able to answer now (%s, HTTP %d): %s".formatted(what, code, words),
          error);
    }
    return new RolloutFailedException(
        "the API server refused %s: %s%s"
            .formatted(
                what,
                words,
                lacksRights(code, words) ? "; check the rights of platform-manager" : ""),
        error);
  }

  /** Whether the connection failed, rather than the client itself before it sent anything. */
  private static boolean isTransport(Throwable error) {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof InterruptedException
          || cause instanceof VertxException) {
        return true;
      }
    }
    return false;
  }

  /** The words of the first cause: the client's own say only which call failed. */
  private static String origin(Throwable error) {
    var origin = error;
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      origin = cause;
    }
    var message = origin.getMessage();
    return message == null ? origin.getClass().getSimpleName() : message;
  }

  /** Nothing can be made in a namespace that is going away; afterwards it can. */
  private static boolean isTerminating(int code, String words) {
    return code == 403 && words.contains("being terminated");
  }

  /** Not where a webhook, Pod Security or a quota refuses with the same code. */
  private static boolean lacksRights(int code, String words) {
    return code == 403 && words.contains(" cannot ");
  }

  private static String words(KubernetesClientException error) {
    var status = error.getStatus();
    var message = status == null ? null : status.getMessage();
    return message == null ? String.valueOf(error.getMessage()) : message;
  }
}
