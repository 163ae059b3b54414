package dev.floe.cli.local;

import dev.floe.cli.Destructive;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code floe local down}. */
@Command(
    name = "down",
    description =
        "Stop everything on this machine; data stays, and unfinished runs continue after up.")
final class LocalDown extends Verb implements Destructive {
  @Override
  protected ExitCode run(Session session) throws IOException {
    new Suite(session).down();
    return ExitCode.DONE;
  }
}
