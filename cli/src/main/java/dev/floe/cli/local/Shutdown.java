package dev.floe.cli.local;

import dev.floe.cli.Session;
import dev.floe.local.home.FloeHome;
import dev.floe.local.process.ProcessStatus;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import dev.floe.local.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Ends what runs on this machine: first the services that would start things again, then attempts
 * and components, at last what everything else needs.
 */
final class Shutdown {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration DATABASE_GRACE = Duration.ofSeconds(60);
  private static final int COMPONENT_DEPTH = 4;

  private final Session session;
  private final FloeHome home;
  private final Supervisor supervisor;
  private int ended;

  Shutdown(Session session) {
    this.session = session;
    this.home = session.home();
    this.supervisor = Supervisor.at(home);
  }

  /** How many processes were ended. */
  int run() throws IOException {
    stop(
        "job-launcher and platform-manager",
        List.of(
            home.service(Member.JOB_LAUNCHER.value()),
            home.service(Member.PLATFORM_MANAGER.value())),
        GRACE);
    stop("attempts of runs", under(home.attempts(), 2), GRACE);
    stop(
        "components of platforms", under(home.root().resolve("platforms"), COMPONENT_DEPTH), GRACE);
    stop("telemetry-gateway", List.of(home.service(Member.TELEMETRY_GATEWAY.value())), GRACE);
    stop("postgresql", List.of(home.service(Member.POSTGRESQL.value())), DATABASE_GRACE);
    Files.deleteIfExists(home.endpoints());
    return ended;
  }

  /** Ends all at once; components that others may need, as databases, are the longest running. */
  private void stop(String what, List<Path> folders, Duration grace) {
    var running =
        folders.stream()
            .filter(supervisor::exists)
            .map(supervisor::open)
            .filter(process -> isAlive(process.status()))
            .sorted(Comparator.comparing(process -> process.folder().toString()))
            .toList();
    if (running.isEmpty()) {
      return;
    }
    var step = session.progress().step("stopping " + what);
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var process : running) {
        var _ = tasks.submit(() -> stop(process, grace));
      }
    }
    ended += running.size();
    step.done("stopped " + what + (running.size() > 1 ? " (" + running.size() + ")" : ""));
  }

  private static void stop(SupervisedProcess process, Duration grace) {
    if (process.status() instanceof Running) {
      process.stop(grace);
      var _ = process.awaitEnd(grace.plusSeconds(5));
    }
    process.kill();
  }

  private static boolean isAlive(ProcessStatus status) {
    return status instanceof Running || status instanceof ProcessStatus.Lost;
  }

  /** Every folder below this one in which a process was prepared. */
  private List<Path> under(Path root, int depth) throws IOException {
    var found = new ArrayList<Path>();
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (var entries = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (var entry : entries) {
        if (supervisor.exists(entry)) {
          found.add(entry);
        } else if (depth > 1 && !entry.getFileName().toString().startsWith(".")) {
          found.addAll(under(entry, depth - 1));
        }
      }
    }
    return found;
  }
}
