package dev.floe.cli.local;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.output.Table;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code floe local status}. */
@Command(
    name = "status",
    description = "Show how the processes on this machine are; exit code 3 unless all are ready.")
final class LocalStatus extends Verb {
  @Override
  protected ExitCode run(Session session) throws IOException {
    var members = new Suite(session).status();
    session.output().list(members, MemberStatus::name, LocalStatus::table);
    if (members.stream().allMatch(MemberStatus::ready)) {
      return ExitCode.DONE;
    }
    session.progress().say("→ floe local up");
    return ExitCode.UNREACHABLE;
  }

  private static Table table(List<MemberStatus> members) {
    var table = new Table("name", "state", "port", "pid", "restarts", "message");
    for (var member : members) {
      table.row(
          member.name(),
          member.state(),
          member.port() == null ? "" : member.port(),
          member.pid() == null ? "" : member.pid(),
          member.restarts(),
          member.message() == null ? "" : member.message());
    }
    return table;
  }
}
