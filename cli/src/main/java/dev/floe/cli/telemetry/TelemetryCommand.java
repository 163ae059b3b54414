package dev.floe.cli.telemetry;

import dev.floe.cli.Noun;
import picocli.CommandLine.Command;

/** {@code floe telemetry}. */
@Command(
    name = "telemetry",
    description = "What went through the telemetry gateway.",
    subcommands = TelemetryStatusCommand.class)
public final class TelemetryCommand extends Noun {}
