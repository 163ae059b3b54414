package dev.floe.cli;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code floe version}. */
@Command(name = "version", description = "Show the version of this command.")
final class VersionCommand extends Verb {
  @Override
  protected ExitCode run(Session session) {
    var version = Version.current();
    session
        .output()
        .one(
            version,
            Version::version,
            it -> List.of("floe " + it.version() + " (Java " + it.java() + ")"));
    return ExitCode.DONE;
  }

  /** The version as it is printed. */
  record Version(String version, String java) {
    static Version current() {
      var version = VersionCommand.class.getPackage().getImplementationVersion();
      return new Version(
          version == null ? "development" : version, System.getProperty("java.version", "?"));
    }
  }
}
