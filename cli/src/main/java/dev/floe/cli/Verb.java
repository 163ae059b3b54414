package dev.floe.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that does something; its options are fields of the subclass. */
@Command
public abstract class Verb implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
  @Spec
  CommandSpec spec;

  /** Does it. */
  protected abstract ExitCode run(Session session) throws Exception;

  @Override
  public final Integer call() throws Exception {
    var root = (Floe) spec.root().userObject();
    try (var session = root.session()) {
      return run(session).number();
    }
  }

  /** A failure of usage, with the command's own help as what to do next. */
  protected CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message, "%s --help".formatted(spec.qualifiedName()));
  }
}
