package dev.floe.cli;

import dev.floe.contract.schema.DocumentSchema;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe schema}. */
@Command(
    name = "schema",
    description =
        "Print the JSON Schema of what you write, with which editors complete and check it.")
final class SchemaCommand extends Verb {
  @Parameters(
      paramLabel = "DOCUMENT",
      completionCandidates = Documents.class,
      description = "What is written: ${COMPLETION-CANDIDATES}.")
  String document = "";

  @Override
  protected ExitCode run(Session session) {
    for (var schema : DocumentSchema.values()) {
      if (schema.document().equals(document)) {
        session.output().text(schema.text());
        session.output().flush();
        return ExitCode.DONE;
      }
    }
    throw usage(
        "There is no schema of '%s'; there are those of %s."
            .formatted(document, String.join(", ", new Documents().names())));
  }

  /** What has a schema. */
  static final class Documents implements Iterable<String> {
    private List<String> names() {
      return Arrays.stream(DocumentSchema.values()).map(DocumentSchema::document).toList();
    }

    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }
}
