package dev.floe.platform.blueprint;

import dev.floe.contract.platform.BlueprintProblem;
import java.util.List;
import java.util.stream.Collectors;

/** Blueprints that do not hold together: a fault of who wrote them, not of the manifest. */
public final class BlueprintException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<BlueprintProblem> problems;

  public BlueprintException(String message) {
    super(message);
    this.problems = List.of();
  }

  public BlueprintException(String message, Throwable cause) {
    super(message, cause);
    this.problems = List.of();
  }

  /**
   * @param problems at least one
   */
  public BlueprintException(List<BlueprintProblem> problems) {
    super(problems.stream().map(BlueprintProblem::words).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Each with its file, line and column; empty where there is only the message. */
  public List<BlueprintProblem> problems() {
    return problems;
  }
}
