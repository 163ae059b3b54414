package dev.floe.platform.runtime.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The API server did not apply an object, because others manage some of its fields. */
final class FieldConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String CAUSE = "FieldManagerConflict";

  private final transient List<Conflict> conflicts;

  /**
   * One field.
   *
   * @param field as the API server writes it, for example {@code .spec.replicas}
   * @param words name the manager and the version of the API it used
   */
  record Conflict(String field, String words) {}

  private FieldConflictException(List<Conflict> conflicts, KubernetesClientException cause) {
    super(
        conflicts.stream()
            .map(one -> "%s (%s)".formatted(one.field(), one.words()))
            .collect(Collectors.joining(", ")),
        cause);
    this.conflicts = conflicts;
  }

  /** Empty where it is another error: a 409 may also be that of a resource version. */
  static Optional<FieldConflictException> of(KubernetesClientException error) {
    var status = error.getStatus();
    if (error.getCode() != 409 || status == null || status.getDetails() == null) {
      return Optional.empty();
    }
    var conflicts =
        status.getDetails().getCauses().stream()
            .filter(cause -> CAUSE.equals(cause.getReason()))
            .map(cause ->
                new Conflict(
                    String.valueOf(cause.getField()), String.valueOf(cause.getMessage()).strip()))
            .toList();
    return conflicts.isEmpty()
        ? Optional.empty()
        : Optional.of(new FieldConflictException(conflicts, error));
  }

  List<String> fields() {
    return conflicts.stream().map(Conflict::field).toList();
  }
}
