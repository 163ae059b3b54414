package dev.floe.cli.context;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code floe context use}. */
@Command(name = "use", description = "Use this context from now on.")
final class ContextUse extends Verb {
  @Parameters(paramLabel = "NAME", description = "A name out of `floe context list`.")
  String name = "";

  @Override
  protected ExitCode run(Session session) throws IOException {
    Contexts.read(session.home()).using(name).write(session.home());
    session.progress().say("Now using context " + name + ".");
    return ExitCode.DONE;
  }
}
