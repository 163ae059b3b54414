package dev.floe.contract.platform;

import java.util.List;

/**
 * What is wrong with a folder of blueprints.
 *
 * @param problems empty when nothing is
 */
public record BlueprintProblems(List<BlueprintProblem> problems) {
  public BlueprintProblems {
    problems = List.copyOf(problems);
  }
}
