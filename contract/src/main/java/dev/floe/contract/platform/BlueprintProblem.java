package dev.floe.contract.platform;

/**
 * Something that is wrong with a blueprint.
 *
 * @param file path in the folder of blueprints, for example {@code redis/blueprint.yaml}
 * @param line from 1
 * @param column from 1
 * @param message what is wrong, and what to do
 */
public record BlueprintProblem(String file, int line, int column, String message) {
  /** {@code file:line:column: message}. */
  public String words() {
    return "%s:%d:%d: %s".formatted(file, line, column, message);
  }
}
