package dev.floe.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.Deadline;
import dev.floe.cli.ExitCode;
import dev.floe.cli.input.SourceText;
import dev.floe.cli.output.Output;
import dev.floe.cli.output.Progress;
import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.ProblemType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what a service or the network answered into the command's failure. */
final class Failures {
  private static final int TOO_LARGE = 413;

  private final ServiceAddress address;

  Failures(ServiceAddress address) {
    this.address = address;
  }

  /** Nobody there, or the connection broke. */
  CommandFailure away(IOException cause) {
    return failure(
        ExitCode.UNREACHABLE, "%s does not answer: %s.".formatted(address, words(cause)), cause);
  }

  /** Somebody there, but no answer in time. */
  CommandFailure slow(HttpTimeoutException cause) {
    return failure(ExitCode.UNREACHABLE, "%s did not answer in time.".formatted(address), cause);
  }

  /** A token that no request can carry; it is not shown. */
  CommandFailure unusableToken() {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        "The token for %s is empty or has characters that an HTTP header can't carry."
            .formatted(address),
        List.of(),
        address.whenRefused());
  }

  /** No answer within the time that the user gave. */
  CommandFailure timedOut(Deadline deadline) {
    return failure(
        ExitCode.TIMEOUT,
        "Timed out after %s waiting for %s.".formatted(Progress.seconds(deadline.limit()), address),
        null);
  }

  /** An answer that is not the API's. */
  CommandFailure unreadable(JsonProcessingException cause) {
    return failure(
        ExitCode.UNREACHABLE,
        "%s answered something that is not floe's API; is another program listening there?"
            .formatted(address),
        cause);
  }

  /**
   * An answer outside 2xx.
   *
   * @param source what the user had written, if this was about a file
   */
  CommandFailure refused(int status, String body, @Nullable SourceText source) {
    var problem = problem(body);
    if (status == 401 || status == 403) {
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          "%s does not accept the token.".formatted(address),
          List.of(),
          address.whenRefused());
    }
    if (problem == null) {
      return failure(
          status == 404 ? ExitCode.NOT_FOUND : ExitCode.UNREACHABLE,
          "%s answered with status %d and no explanation.".formatted(address, status),
          null);
    }
    return new CommandFailure(
        exitCode(status),
        saysNothing(problem)
            ? "%s answers: %s.".formatted(address, problem.title())
            : ProblemWords.sentence(problem),
        ProblemWords.details(problem, source),
        status == TOO_LARGE
            ? List.of("make it smaller; a manifest or a run has a few KiB")
            : List.of());
  }

  /** As for a route that the service does not have. */
  private static boolean saysNothing(Problem problem) {
    return problem.errors().isEmpty()
        && (problem.detail() == null || problem.detail().equals(problem.title()));
  }

  private static ExitCode exitCode(int status) {
    return switch (status) {
      case 404 -> ExitCode.NOT_FOUND;
      case 409, 422 -> ExitCode.CONFLICT;
      case 429, 503 -> ExitCode.UNREACHABLE;
      default -> status < 500 ? ExitCode.USAGE : ExitCode.FAILED;
    };
  }

  private static @Nullable Problem problem(String body) {
    try {
      var problem = Output.JSON.readValue(body, Problem.class);
      return problem.type() != null && problem.type().startsWith(ProblemType.BASE) ? problem : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private CommandFailure failure(ExitCode exitCode, String message, @Nullable Exception cause) {
    var failure = new CommandFailure(exitCode, message, List.of(), address.whenAway());
    return cause == null ? failure : failure.because(cause);
  }

  private static String words(IOException cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException) {
        return "its host name is not known";
      }
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    return cause.getMessage() == null ? "the connection broke" : cause.getMessage();
  }
}
