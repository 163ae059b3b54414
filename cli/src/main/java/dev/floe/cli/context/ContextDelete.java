package dev.floe.cli.context;

import dev.floe.cli.Destructive;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe context delete}. */
@Command(
    name = "delete",
    description = "Forget a context; the services it leads to are left as they are.")
final class ContextDelete extends Verb implements Destructive {
  @Parameters(paramLabel = "NAME", description = "A name out of `floe context list`.")
  String name = "";

  @Override
  protected ExitCode run(Session session) throws IOException {
    if (name.equals(Context.LOCAL)) {
      throw usage("The context 'local' is floe's own; it can't be deleted.");
    }
    var contexts = Contexts.read(session.home());
    var left = contexts.without(name);
    left.write(session.home());
    session.progress().say("Context " + name + " is deleted.");
    if (!left.current().equals(contexts.current())) {
      session.progress().say("Now using context " + left.current() + ".");
    }
    return ExitCode.DONE;
  }
}
