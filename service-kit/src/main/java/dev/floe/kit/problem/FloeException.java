package dev.floe.kit.problem;

import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.contract.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller did wrong or cannot have now; the mapper answers it as problem details. */
public final class FloeException extends RuntimeException {
  private final ProblemType type;
  private final transient List<FieldError> errors;
  private final @Nullable Duration retryAfter;

  private FloeException(
      ProblemType type, String detail, List<FieldError> errors, @Nullable Duration retryAfter) {
    super(detail, null, false, false);
    this.type = type;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  public static FloeException of(ProblemType type, String detail) {
    return new FloeException(type, detail, List.of(), null);
  }

  /** Fields that are wrong: {@link ProblemType#INVALID_REQUEST}. */
  public static FloeException invalid(List<FieldError> errors) {
    return new FloeException(ProblemType.INVALID_REQUEST, summary(errors), errors, null);
  }

  /** One field that is wrong. */
  public static FloeException invalid(String pointer, String message) {
    return invalid(List.of(FieldError.of(pointer, message)));
  }

  public static FloeException notFound(String what) {
    return of(ProblemType.NOT_FOUND, what + " does not exist, or you may not see it");
  }

  /** Too much now, or something needed is away: 429 or 503 with {@code Retry-After}. */
  public static FloeException later(ProblemType type, String detail, Duration retryAfter) {
    return new FloeException(type, detail, List.of(), retryAfter);
  }

  public ProblemType type() {
    return type;
  }

  /** When to come back; null where coming back changes nothing. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** What is wrong, field by field; empty where nothing in particular is. */
  public List<FieldError> errors() {
    return errors;
  }

  Problem problem() {
    return Problem.of(type, String.valueOf(getMessage()), errors);
  }

  private static String summary(List<FieldError> errors) {
    return errors.size() == 1
        ? errors.getFirst().pointer() + ": " + errors.getFirst().message()
        : errors.size() + " fields are wrong; errors[] names each";
  }
}
