package dev.floe.cli.doctor;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.output.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code floe doctor}. */
@Command(
    name = "doctor",
    description = "Say what is missing on this machine or in this context, and how to get it.")
public final class DoctorCommand extends Verb {
  @Override
  protected ExitCode run(Session session) throws IOException {
    var findings = new ArrayList<Finding>();
    findings.addAll(new MachineChecks(session).run());
    findings.addAll(new ServiceChecks(session).run());
    session.output().list(findings, Finding::check, DoctorCommand::table);
    var missing = findings.stream().filter(it -> it.state() == Finding.State.MISSING).toList();
    missing.forEach(it -> session.progress().say("→ " + it.check() + ": " + it.remedy()));
    return missing.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static Table table(List<Finding> findings) {
    var table = new Table("check", "state", "found");
    findings.forEach(
        it -> table.row(it.check(), it.state().name().toLowerCase(Locale.ROOT), it.found()));
    return table;
  }
}
