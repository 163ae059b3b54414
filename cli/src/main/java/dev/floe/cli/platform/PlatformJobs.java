package dev.floe.cli.platform;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe platform jobs}. */
@Command(
    name = "jobs",
    description =
        "Show the Jobs that components ran once in a release, like the making of a schema.")
final class PlatformJobs extends Verb {
  @Parameters(
      paramLabel = "PLATFORM",
      arity = "0..1",
      description = "Its name; may be left out where there is only one.")
  @Nullable String platform;

  @Option(
      names = "--release",
      paramLabel = "N",
      description = "The release in which they ended; the newest by default.")
  @Nullable Integer release;

  @Option(names = "--log", description = "Write the last lines of their logs instead.")
  boolean log;

  @Override
  protected ExitCode run(Session session) {
    var platforms = new Platforms(session);
    var name = platforms.nameOr(platform);
    int number = release == null ? newest(platforms, name) : release;
    var jobs = platforms.jobs(name, number);
    var output = session.output();
    if (!log) {
      output.list(jobs, job -> job.component() + "/" + job.job(), PlatformWords::jobs);
      return ExitCode.DONE;
    }
    for (var job : jobs) {
      output.line("# %s/%s".formatted(job.component(), job.job()));
      output.text(job.log().isEmpty() || job.log().endsWith("\n") ? job.log() : job.log() + "\n");
    }
    return ExitCode.DONE;
  }

  private static int newest(Platforms platforms, String name) {
    return platforms.releases(name, 1).getFirst().number();
  }
}
