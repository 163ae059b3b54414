package dev.floe.cli.context;

import dev.floe.cli.Noun;
import picocli.CommandLine.Command;

/** {@code floe context}. */
@Command(
    name = "context",
    description = "Where the services are and how to sign in.",
    subcommands = {ContextList.class, ContextUse.class, ContextSet.class, ContextDelete.class})
public final class ContextCommand extends Noun {}
