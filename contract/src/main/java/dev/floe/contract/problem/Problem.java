package dev.floe.contract.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Problem details as RFC 9457 has them, media type {@value #MEDIA_TYPE}.
 *
 * @param type stable URI of the {@link ProblemType}
 * @param detail what happened here and what to do about it
 * @param instance identifies this occurrence; a 5xx is logged under it
 * @param errors what is wrong, field by field; empty where nothing in particular is
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    @Nullable String instance,
    List<FieldError> errors) {

  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  public static Problem of(ProblemType type, String detail, List<FieldError> errors) {
    return new Problem(type.uri(), type.title(), type.status(), detail, null, errors);
  }

  /** The same problem at a known occurrence. */
  public Problem at(String newInstance) {
    return new Problem(type, title, status, detail, newInstance, errors);
  }

  /**
   * One thing that is wrong.
   *
   * @param pointer JSON pointer (RFC 6901) to the field, or the query parameter's or header's name
   * @param message what is wrong and what to write instead
   * @param line line in the text that was sent, from 1; absent where it was not YAML
   * @param column column in that line, from 1
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FieldError(
      String pointer, String message, @Nullable Integer line, @Nullable Integer column) {
    public static FieldError of(String pointer, String message) {
      return new FieldError(pointer, message, null, null);
    }
  }
}
