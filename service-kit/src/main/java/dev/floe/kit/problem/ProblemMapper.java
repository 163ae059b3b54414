package dev.floe.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.contract.problem.ProblemType;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers every failure of a REST call as problem details. A 5xx never echoes an inner message. */
public final class ProblemMapper {
  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  @ServerExceptionMapper
  public Response floe(FloeException failure) {
    var answer = answer(failure.problem());
    var retryAfter = failure.retryAfter();
    if (retryAfter != null) {
      answer.header("Retry-After", Math.max(1, retryAfter.toSeconds()));
    }
    return answer.build();
  }

  @ServerExceptionMapper
  public Response invalid(ConstraintViolationException failure) {
    var errors =
        failure.getConstraintViolations().stream()
            .map(violation -> FieldError.of(pointer(violation), violation.getMessage()))
            .sorted((a, b) -> a.pointer().compareTo(b.pointer()))
            .toList();
    return floe(FloeException.invalid(errors));
  }

  /** JSON that cannot be read into what the route takes. */
  @ServerExceptionMapper
  public Response unreadable(JsonProcessingException failure) {
    return floe(explain(failure));
  }

  /** Takes the place of the framework's own mapper, which says nothing of the field. */
  @ServerExceptionMapper
  public Response mismatched(MismatchedInputException failure) {
    return unreadable(failure);
  }

  @ServerExceptionMapper
  public Response web(WebApplicationException failure, UriInfo uri) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonProcessingException json) {
        return unreadable(json);
      }
      if (cause instanceof FloeException known) {
        return floe(known);
      }
      if (cause instanceof NumberFormatException number) {
        var parameter = parameter(uri, number);
        if (parameter.isPresent()) {
          return floe(parameter.get());
        }
      }
    }
    int status = failure.getResponse().getStatus();
    if (status >= 500) {
      return unexpected(failure);
    }
    if (status < 400) {
      return failure.getResponse();
    }
    var type =
        switch (status) {
          case 401 -> ProblemType.UNAUTHENTICATED;
          case 404, 403 -> ProblemType.NOT_FOUND;
          case 405 -> ProblemType.METHOD_NOT_ALLOWED;
          case 406 -> ProblemType.NOT_ACCEPTABLE;
          case 409 -> ProblemType.CONFLICT;
          case 413 -> ProblemType.BODY_TOO_LARGE;
          case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
          case 429 -> ProblemType.TOO_MANY_REQUESTS;
          default -> ProblemType.INVALID_REQUEST;
        };
    return answer(Problem.of(type, type.title(), List.of())).build();
  }

  /** Names the query parameter that should have been a number; JAX-RS answers 404 for it. */
  private static Optional<FloeException> parameter(UriInfo uri, NumberFormatException failure) {
    var words = String.valueOf(failure.getMessage());
    return uri.getQueryParameters().entrySet().stream()
        .filter(entry ->
            entry.getValue().stream().anyMatch(value -> words.contains("\"" + value + "\"")))
        .findFirst()
        .map(entry -> FloeException.invalid(entry.getKey(), "must be a whole number"));
  }

  @ServerExceptionMapper
  public Response unexpected(Throwable failure) {
    var instance = "urn:uuid:" + UUID.randomUUID();
    LOG.errorf(failure, "Answered 500 as %s", instance);
    return answer(
            Problem.of(
                    ProblemType.INTERNAL,
                    "The service's log has the cause under this instance",
                    List.of())
                .at(instance))
        .build();
  }

  /** What is wrong with a JSON text, in words that name the field. */
  public static FloeException explain(JsonProcessingException failure) {
    return switch (failure) {
      case StreamConstraintsException tooMuch ->
          FloeException.of(
              ProblemType.MALFORMED_BODY,
              "The JSON goes over a limit: " + tooMuch.getOriginalMessage());
      case StreamReadException syntax -> {
        var at = syntax.getLocation();
        yield FloeException.of(
            ProblemType.MALFORMED_BODY,
            "Not JSON: line %d, column %d"
                .formatted(at == null ? 0 : at.getLineNr(), at == null ? 0 : at.getColumnNr()));
      }
      case UnrecognizedPropertyException unknown ->
          FloeException.invalid(
              pointer(unknown.getPath()),
              "unknown key '%s'; known are %s"
                  .formatted(
                      unknown.getPropertyName(),
                      unknown.getKnownPropertyIds() == null
                          ? "none"
                          : unknown.getKnownPropertyIds().stream()
                              .map(String::valueOf)
                              .sorted()
                              .toList()));
      case JsonMappingException mapping -> {
        var cause = mapping.getCause();
        yield FloeException.invalid(
            pointer(mapping.getPath()),
            cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? cause.getMessage()
                : words(mapping));
      }
      default -> FloeException.of(ProblemType.MALFORMED_BODY, "The body is not JSON");
    };
  }

  private static String words(JsonMappingException mapping) {
    var text = String.valueOf(mapping.getOriginalMessage());
    int internals = text.indexOf(" (class ");
    var plain = internals > 0 ? text.substring(0, internals) : text;
    return plain.contains("dev.floe") || plain.contains("java.")
        ? "has the wrong type or format"
            + (plain.contains("Duration")
                ? "; write an ISO-8601 duration, for example PT30M"
                : plain.contains("Enum class")
                    ? "; " + plain.substring(plain.indexOf("not one of"))
                    : "")
        : plain.toLowerCase(Locale.ROOT);
  }

  private static String pointer(List<JsonMappingException.Reference> path) {
    var pointer = new StringBuilder();
    for (var step : path) {
      pointer.append('/');
      pointer.append(
          step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName());
    }
    return pointer.isEmpty() ? "/" : pointer.toString();
  }

  private static String pointer(ConstraintViolation<?> violation) {
    var pointer = new StringBuilder();
    var parameter = "/";
    for (Path.Node node : violation.getPropertyPath()) {
      switch (node.getKind()) {
        case METHOD, CONSTRUCTOR, CROSS_PARAMETER, RETURN_VALUE -> {}
        case PARAMETER -> parameter = node.getName();
        case BEAN, PROPERTY, CONTAINER_ELEMENT -> append(pointer, node);
      }
    }
    return pointer.isEmpty() ? parameter : pointer.toString();
  }

  private static void append(StringBuilder pointer, Path.Node node) {
    if (node.getIndex() != null) {
      pointer.append('/').append(node.getIndex());
    } else if (node.getKey() != null) {
      pointer.append('/').append(node.getKey());
    }
    if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
      pointer.append('/').append(node.getName());
    }
  }

  private static Response.ResponseBuilder answer(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
  }
}
