package dev.floe.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code floe version}. */
@Command(name = "version", description = "Show the version of this command.")
final class VersionCommand extends Verb {
  @Override
  protected ExitCode run(Session session) {
    var version = Version.current();
    session.output().one(version, Version::version, it -> List.of(it.words()));
    return ExitCode.DONE;
  }

  /** Answers {@code floe --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Version.current().words()};
    }
  }

  /** The version as it is printed. */
  record Version(String version, String java) {
    String words() {
      return "floe " + version + " (Java " + java + ")";
    }

    static Version current() {
      try (var in = VersionCommand.class.getResourceAsStream("version.properties")) {
        var properties = new Properties();
        properties.load(Objects.requireNonNull(in));
        return new Version(
            properties.getProperty("version", "?"), System.getProperty("java.version", "?"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
