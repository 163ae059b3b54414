package dev.floe.cli.telemetry;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.output.Output;
import dev.floe.cli.output.Table;
import dev.floe.cli.output.Terminal;
import dev.floe.cli.rest.Query;
import dev.floe.cli.rest.ServiceName;
import dev.floe.contract.telemetry.TelemetryStatus;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code floe telemetry status}. */
@Command(
    name = "status",
    description = "Show where telemetry is: accepted = exported + queued + rejected + dropped.")
final class TelemetryStatusCommand extends Verb {
  @Override
  protected ExitCode run(Session session) {
    Output output = session.output();
    output.one(
        session
            .client(ServiceName.TELEMETRY_GATEWAY)
            .get(Query.of("telemetry", "status"), TelemetryStatus.class),
        status -> "telemetry-gateway",
        status -> words(status, output.terminal()));
    return ExitCode.DONE;
  }

  private static List<String> words(TelemetryStatus status, Terminal terminal) {
    var lines = new ArrayList<String>();
    status.notices().forEach(notice -> lines.add(terminal.bad("! ") + notice));
    for (var receiver : status.receivers()) {
      lines.add("receives %s on %s".formatted(receiver.protocol(), receiver.address()));
    }
    add(lines, destinations(status), terminal);
    add(lines, flows(status), terminal);
    add(lines, drops(status), terminal);
    add(lines, refusals(status), terminal);
    return lines;
  }

  private static Table destinations(TelemetryStatus status) {
    var table = new Table("destination", "endpoint", "state", "queued bytes", "last error");
    for (var to : status.destinations()) {
      table.row(
          to.name(),
          to.endpoint(),
          to.state(),
          to.queuedBytes(),
          to.lastError() == null ? "" : to.lastError());
    }
    return table;
  }

  private static Table flows(TelemetryStatus status) {
    var table =
        new Table(
            "signal",
            "sender",
            "destination",
            "accepted",
            "exported",
            "queued",
            "rejected",
            "dropped");
    for (var flow : status.flows()) {
      table.row(
          flow.signal(),
          flow.sender(),
          flow.destination(),
          flow.accepted(),
          flow.exported(),
          flow.queued(),
          flow.rejected(),
          flow.dropped());
    }
    return table;
  }

  private static Table drops(TelemetryStatus status) {
    var table = new Table("dropped of", "signal", "because", "items");
    status
        .drops()
        .forEach(drop -> table.row(drop.destination(), drop.signal(), drop.reason(), drop.items()));
    return table;
  }

  private static Table refusals(TelemetryStatus status) {
    var table = new Table("refused because", "requests", "items");
    status
        .refusals()
        .forEach(refusal -> table.row(refusal.reason(), refusal.requests(), refusal.items()));
    return table;
  }

  private static void add(List<String> lines, Table table, Terminal terminal) {
    if (!table.isEmpty()) {
      lines.add("");
      lines.addAll(table.lines(terminal));
    }
  }
}
