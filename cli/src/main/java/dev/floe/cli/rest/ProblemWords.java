package dev.floe.cli.rest;

import dev.floe.cli.input.SourceText;
import dev.floe.contract.problem.Problem;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.yaml.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Problem details (RFC 9457) as lines for people, field by field. */
final class ProblemWords {
  /** Where the field errors stand in the document; people see them below. */
  private static final String FOR_PROGRAMS = "; errors[] names each";

  private ProblemWords() {}

  /** One sentence: what happened. */
  static String sentence(Problem problem) {
    var detail = problem.detail();
    var repeated =
        problem.errors().size() == 1
            && detail != null
            && detail.contains(problem.errors().getFirst().message());
    if (detail == null || detail.isBlank() || repeated) {
      return problem.title() + ".";
    }
    return problem.errors().isEmpty() ? detail : detail.replace(FOR_PROGRAMS, ".");
  }

  /**
   * What is wrong with each field, with its place in the text that was sent.
   *
   * @param source the text as the user wrote it, if there was one
   */
  static List<String> details(Problem problem, @Nullable SourceText source) {
    var lines = new ArrayList<String>();
    for (var error : problem.errors()) {
      lines.addAll(error(error, source));
    }
    if (problem.status() >= 500 && problem.instance() != null) {
      lines.add("the service's log has more under " + problem.instance());
    }
    return lines;
  }

  private static List<String> error(FieldError error, @Nullable SourceText source) {
    var line = error.line() == null ? 0 : error.line();
    var column = error.column() == null ? 1 : error.column();
    // other names are of parameters, which stand in no file
    boolean ofFile = error.pointer().isEmpty() || error.pointer().startsWith("/");
    if (line == 0 && source != null && ofFile) {
      var place = source.find(error.pointer());
      line = place.map(Position::line).orElse(0);
      column = place.map(Position::column).orElse(1);
    }
    var what = (error.pointer().isEmpty() ? "" : error.pointer() + ": ") + error.message();
    if (line < 1 || source == null) {
      return List.of(what);
    }
    var lines = new ArrayList<String>();
    lines.add("%s:%d:%d: %s".formatted(source.name(), line, column, what));
    lines.addAll(source.show(error.pointer(), line, column));
    return lines;
  }
}
