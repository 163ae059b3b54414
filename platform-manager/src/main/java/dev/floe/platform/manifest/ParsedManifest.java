package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.Manifest;
import dev.floe.contract.problem.Problem.FieldError;
import java.util.List;

/**
 * A manifest that is valid.
 *
 * @param manifest what bears on deployment
 * @param tree all of it as it was sent, but for inline secrets, in whose place references stand
 * @param warnings what is kept and not used, and what should be written otherwise
 * @param secrets that stood in it
 */
public record ParsedManifest(
    Manifest manifest, ObjectNode tree, List<FieldError> warnings, List<InlineSecret> secrets) {
  public ParsedManifest {
    warnings = List.copyOf(warnings);
    secrets = List.copyOf(secrets);
  }
}
