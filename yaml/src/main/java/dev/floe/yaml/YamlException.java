package dev.floe.yaml;

import java.util.List;

/** A text that is refused, with everything that is wrong with it, in the order of the text. */
public final class YamlException extends RuntimeException {
  private final transient List<YamlProblem> problems;

  YamlException(List<YamlProblem> problems) {
    super(
        problems.size() == 1
            ? problems.getFirst().message()
            : problems.size() + " problems, first: " + problems.getFirst().message(),
        null,
        false,
        false);
    this.problems = List.copyOf(problems);
  }

  /** Never empty. */
  public List<YamlProblem> problems() {
    return problems;
  }
}
