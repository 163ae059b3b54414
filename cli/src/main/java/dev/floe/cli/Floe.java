package dev.floe.cli;

import dev.floe.cli.output.Output;
import dev.floe.cli.output.OutputFormat;
import dev.floe.cli.output.OutputLost;
import dev.floe.cli.output.Progress;
import dev.floe.cli.output.StandardOutput;
import dev.floe.cli.output.Terminal;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code floe} command. */
@Command(
    name = "floe",
    description = "Runs a data platform: its services, and the jobs on top of them.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionCommand.Provider.class,
    subcommands = {
      dev.floe.cli.demo.DemoCommand.class,
      dev.floe.cli.local.LocalCommand.class,
      dev.floe.cli.platform.PlatformCommand.class,
      dev.floe.cli.run.RunCommand.class,
      dev.floe.cli.telemetry.TelemetryCommand.class,
      dev.floe.cli.context.ContextCommand.class,
      dev.floe.cli.doctor.DoctorCommand.class,
      SchemaCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      HelpCommand.class,
    })
public final class Floe extends Noun {
  @Mixin GlobalOptions options = new GlobalOptions();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version of this command.")
  boolean version;

  private final Surroundings surroundings;

  Floe(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public static void main(String[] args) {
    var environment = System.getenv();
    var err =
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    var number =
        run(
            new Surroundings(
                environment,
                System.in,
                new StandardOutput(),
                err,
                terminal("floe.stdout", 1),
                terminal("floe.stderr", 2)),
            args);
    err.flush();
    System.exit(number);
  }

  /** Runs one command line and answers its exit code. */
  public static int run(Surroundings surroundings, String... args) {
    var number = commandLine(surroundings).execute(args);
    if (number != ExitCode.DONE.number()) {
      surroundings.out().writer().flush();
      return number;
    }
    try {
      output(surroundings, OutputFormat.TABLE, Terminal.PLAIN).flush(); // help, printed by picocli
      return number;
    } catch (OutputLost e) {
      return new ErrorWords(surroundings.err(), Terminal.PLAIN, false, surroundings::place)
          .tell(e)
          .number();
    }
  }

  static CommandLine commandLine(Surroundings surroundings) {
    var root = new Floe(surroundings);
    var line = new CommandLine(root);
    line.setOut(surroundings.out().writer());
    line.setErr(surroundings.err());
    line.setUsageHelpAutoWidth(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setParameterExceptionHandler(new UsageErrors());
    line.registerConverter(Path.class, new PathConverter());
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> root.errors().tell(thrown).number());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            root.color(surroundings.outTerminal())
                ? CommandLine.Help.Ansi.ON
                : CommandLine.Help.Ansi.OFF));
    return line;
  }

  Session session() {
    var format = options.output == null ? OutputFormat.TABLE : options.output;
    var context = options.context == null ? environment("FLOE_CONTEXT") : options.context;
    return new Session(
        surroundings,
        output(
            surroundings,
            format,
            Terminal.of(surroundings.outTerminal(), options.noColor, surroundings.environment())),
        new Progress(surroundings.err(), errTerminal(), options.quiet),
        options.timeout,
        options.verbose,
        context);
  }

  private static Output output(Surroundings surroundings, OutputFormat format, Terminal terminal) {
    return new Output(surroundings.out(), format, terminal);
  }

  private ErrorWords errors() {
    return new ErrorWords(surroundings.err(), errTerminal(), options.verbose, surroundings::place);
  }

  private Terminal errTerminal() {
    return Terminal.of(surroundings.errTerminal(), options.noColor, surroundings.environment());
  }

  private boolean color(boolean terminal) {
    return Terminal.of(terminal, options.noColor, surroundings.environment()).color();
  }

  private @Nullable String environment(String name) {
    var value = surroundings.environment().get(name);
    return value == null || value.isBlank() ? null : value;
  }

  /**
   * Whether a stream ends at a terminal: {@code ./floe} knows it, Linux can be asked, the JDK knows
   * only about both together.
   */
  private static boolean terminal(String property, int descriptor) {
    var told = System.getProperty(property);
    if (told != null) {
      return told.equals("terminal");
    }
    try {
      var file = Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(descriptor)));
      return file.startsWith("/dev/pts") || file.toString().startsWith("/dev/tty");
    } catch (IOException e) {
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }
}
