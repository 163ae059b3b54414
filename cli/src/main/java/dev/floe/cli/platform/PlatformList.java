package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.contract.platform.PlatformStatus;
import picocli.CommandLine.Command;

/** {@code floe platform list}. */
@Command(name = "list", description = "List the platforms, ready or not.")
final class PlatformList extends Verb {
  @Override
  protected ExitCode run(Session session) {
    var all = new Platforms(session).list();
    session.output().list(all, PlatformStatus::platform, PlatformWords::list);
    if (all.isEmpty()) {
      session.progress().say("No platforms. Deploy one: floe platform deploy -f MANIFEST");
    }
    return ExitCode.DONE;
  }
}
