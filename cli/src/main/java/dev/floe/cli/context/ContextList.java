package dev.floe.cli.context;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.output.Table;
import picocli.CommandLine.Command;

/** {@code floe context list}. */
@Command(name = "list", description = "List the contexts; the one in use has a star.")
final class ContextList extends Verb {
  @Override
  protected ExitCode run(Session session) {
    var contexts = Contexts.read(session.home());
    session
        .output()
        .list(
            contexts.all(),
            Context::name,
            all -> {
              var table = new Table("in use", "name", "leads to");
              all.forEach(context ->
                  table.row(
                      context.name().equals(contexts.current()) ? "*" : " ",
                      context.name(),
                      context.leadsTo()));
              return table;
            });
    return ExitCode.DONE;
  }
}
