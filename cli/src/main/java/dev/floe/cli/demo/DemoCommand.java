package dev.floe.cli.demo;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe demo}. */
@Command(
    name = "demo",
    description = "From a clean clone to a green pipeline on this machine.",
    footer = {
      "",
      "Builds what is not built, starts the services, deploys the platform of examples/weather, has",
      "Dagster run its pipeline and shows what came of it. Run it again whenever it was interrupted.",
    })
public final class DemoCommand extends Verb {
  @Option(
      names = "--break",
      description = "Run the variant whose quality check fails, and explain why it did.")
  boolean broken;

  @Override
  protected ExitCode run(Session session) throws IOException {
    var checkout =
        session
            .checkout()
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "The demo is made out of floe's source tree, and this command does not"
                        + " know where that is.",
                    "run ./floe demo in the source tree, or set FLOE_CHECKOUT to its path"));
    return new Demo(session, new WeatherExample(checkout)).run(broken);
  }
}
