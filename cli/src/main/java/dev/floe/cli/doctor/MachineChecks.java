package dev.floe.cli.doctor;

import dev.floe.cli.Session;
import dev.floe.cli.local.Jdk;
import dev.floe.local.LocalException;
import dev.floe.local.command.Command;
import dev.floe.local.home.FloeHome;
import dev.floe.local.python.PythonInterpreter;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What this machine needs for the local mode. */
final class MachineChecks {
  private static final long GIGABYTE = 1L << 30;
  private static final long DISK = 4 * GIGABYTE;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Session session;

  MachineChecks(Session session) {
    this.session = session;
  }

  List<Finding> run() throws IOException {
    var findings = new ArrayList<Finding>();
    findings.add(java());
    findings.addAll(python());
    findings.add(disk(session.home()));
    if ("root".equals(System.getProperty("user.name"))) {
      findings.add(userNamespaces());
    }
    return findings;
  }

  private Finding java() {
    return Jdk.find(session.environment())
        .map(jdk -> Finding.ok("Java", jdk.version() + " at " + jdk.home()))
        .orElseGet(() ->
            Finding.missing(
                "Java",
                "no Java %d or newer".formatted(Jdk.OLDEST),
                "install a JDK, version %d or newer".formatted(Jdk.OLDEST)));
  }

  private List<Finding> python() {
    try {
      var python = PythonInterpreter.find(session.environment());
      var name = "3.%d at %s".formatted(python.minor(), python.executable());
      var findings = new ArrayList<Finding>();
      findings.add(Finding.ok("Python", name));
      findings.add(venv(python));
      return findings;
    } catch (LocalException e) {
      return List.of(Finding.missing("Python", String.valueOf(e.getMessage()), e.action()));
    }
  }

  private static Finding venv(PythonInterpreter python) {
    var check = "Python environments";
    try {
      var answer =
          Command.of(List.of(python.executable().toString(), "-I", "-c", "import venv, ensurepip"))
              .run(LIMIT);
      if (answer.exitCode() == 0) {
        return Finding.ok(check, "venv and pip");
      }
    } catch (IOException e) {
      // said below
    }
    return Finding.missing(
        check, "no venv or ensurepip", "install python3-venv (Debian, Ubuntu), or uv");
  }

  private static Finding disk(FloeHome home) throws IOException {
    var free = Files.getFileStore(home.root()).getUsableSpace();
    var words = "%d GiB free for %s".formatted(free / GIGABYTE, home.root());
    return free >= DISK
        ? Finding.ok("disk", words)
        : Finding.missing(
            "disk", words, "free some space (4 GiB), or set FLOE_HOME to a folder elsewhere");
  }

  private static Finding userNamespaces() {
    try {
      if (Command.of(List.of("unshare", "--user", "true")).run(LIMIT).exitCode() == 0) {
        return Finding.ok("root", "PostgreSQL gets a user namespace of its own");
      }
    } catch (IOException e) {
      // said below
    }
    return Finding.missing(
        "root", "PostgreSQL does not run as root", "run floe as an ordinary user");
  }
}
