package dev.floe.local.postgresql;

import dev.floe.local.LocalException;
import dev.floe.local.command.Command;
import dev.floe.local.home.Failures;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.FolderLock;
import dev.floe.local.process.ProcessSpec;
import dev.floe.local.process.ProcessStatus;
import dev.floe.local.process.ProcessStatus.Lost;
import dev.floe.local.process.ProcessStatus.NotStarted;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import dev.floe.local.process.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One PostgreSQL server of this machine: loopback only, passwords by SCRAM, durable, its data in a
 * folder of its own. It runs under a supervisor and outlives the program that started it.
 */
public final class LocalPostgresql {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final long LOG_BYTES = 16L << 20;

  private final FloeHome home;
  private final Path folder;
  private final Path data;
  private final int port;
  private final Supervisor supervisor;

  private LocalPostgresql(FloeHome home, Path folder, Path data, int port, Supervisor supervisor) {
    this.home = home;
    this.folder = folder;
    this.data = data;
    this.port = port;
    this.supervisor = supervisor;
  }

  /**
   * Names a server; nothing is started.
   *
   * @param home where its programs lie
   * @param folder the supervised folder of its process
   * @param data its data; kept when the server is removed
   * @param port where it listens on 127.0.0.1
   */
  public static LocalPostgresql at(FloeHome home, Path folder, Path data, int port) {
    return new LocalPostgresql(home, folder, data, port, Supervisor.at(home));
  }

  /**
   * Starts it where it does not run and returns when it takes connections. The databases are there
   * afterwards, with these roles and passwords; a running server is restarted only where they, the
   * port or the version changed.
   *
   * @throws LocalException it can't be started; says why
   */
  public void start(List<Database> databases) {
    try (var _ = FolderLock.acquire(folder.resolveSibling(folder.getFileName() + ".lock"))) {
      var binaries = PostgresqlBinaries.at(home);
      if (supervisor.exists(folder) && supervisor.open(folder).status() instanceof Lost) {
        supervisor.open(folder).kill();
      }
      var cluster = new DataFolder(data, binaries, unprivileged());
      if (!isRunning() || !cluster.isPrepared(databases)) {
        stop();
        cluster.prepare(databases);
      }
      var wanted = spec(binaries);
      if (!isRunning()) {
        requireFree();
      }
      var restarts = status() instanceof Running running ? running.restarts() + 1 : 0;
      awaitReady(supervisor.ensure(folder, wanted), restarts);
    } catch (IOException e) {
      throw new LocalException(
          "PostgreSQL can't be started: " + Failures.words(e),
          Failures.action(e, data, "Look into " + folder + "."),
          e);
    }
  }

  /** Where its process stands. */
  public ProcessStatus status() {
    return supervisor.exists(folder) ? supervisor.open(folder).status() : new NotStarted();
  }

  /** Whether it takes connections. */
  public boolean isReady() {
    return status() instanceof Running running && running.pid() > 0 && isReady(running.pid());
  }

  /** Stops it, ending its connections; returns when it is down and its data are safe. */
  public void stop() {
    if (!supervisor.exists(folder)) {
      return;
    }
    var process = supervisor.open(folder);
    if (process.status() instanceof Running) {
      process.stop(GRACE);
      process.awaitEnd(GRACE.plusSeconds(10));
    }
    process.kill();
  }

  /** What it wrote. */
  public Path log() {
    return folder.resolve("log");
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The address of one of its databases, for JDBC. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private boolean isRunning() {
    return status() instanceof Running;
  }

  private ProcessSpec spec(PostgresqlBinaries binaries) {
    var command = new ArrayList<>(unprivileged());
    command.addAll(
        List.of(
            binaries.program("postgres").toString(),
            "-D",
            data.toString(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "port=" + port,
            "-c",
            "unix_socket_directories=",
            "-c",
            "shared_buffers=32MB",
            "-c",
            "jit=off"));
    return ProcessSpec.service(
            command, Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C", "TZ", "UTC"), data)
        .withStop("INT", GRACE)
        .withLog(LOG_BYTES);
  }

  private void requireFree() {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new LocalException(
          "Port " + port + " of this machine, where PostgreSQL was to listen, is in use.",
          "Choose another port, or end what listens there.",
          e);
    }
  }

  /**
   * @param restarts how many restarts are no failure: one more than there were, where a running
   *     server was killed and its supervisor is about to start it again
   */
  private void awaitReady(SupervisedProcess process, int restarts) {
    var until = System.nanoTime() + LIMIT.toNanos();
    try {
      while (System.nanoTime() < until) {
        switch (process.status()) {
          case Running running when running.pid() > 0 && isReady(running.pid()) -> {
            return;
          }
          case Running running when running.restarts() <= restarts -> Thread.sleep(BETWEEN_LOOKS);
          default -> {
            process.kill();
            throw failed("it ended at once");
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted");
    }
    throw failed("it took no connections within " + LIMIT.toSeconds() + " s");
  }

  private LocalException failed(String what) {
    return new LocalException(
        "PostgreSQL did not start: " + what + lastWords().map(w -> ":\n" + w).orElse(""),
        "Look into " + log() + ".");
  }

  private Optional<String> lastWords() {
    var log = supervisor.open(folder).log();
    try {
      var part = log.read(log.offsetOfTail(5), 1 << 14);
      return Optional.of(new String(part.bytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The server itself writes there when it takes connections. */
  private boolean isReady(long pid) {
    try {
      var lines = Files.readAllLines(data.resolve("postmaster.pid"));
      return lines.size() >= 8
          && lines.getFirst().strip().equals(Long.toString(pid))
          && lines.get(7).strip().equals("ready");
    } catch (IOException e) {
      return false;
    }
  }

  /** PostgreSQL refuses to run as root: there it gets a user namespace in which it is nobody. */
  private static List<String> unprivileged() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    var words = List.of("unshare", "--user");
    var probe = new ArrayList<>(words);
    probe.add("true");
    try {
      var answer = Command.of(probe).run(Duration.ofSeconds(30));
      if (answer.exitCode() == 0) {
        return words;
      }
    } catch (IOException e) {
      // said below
    }
    throw new LocalException(
        "PostgreSQL does not run as root, and this machine makes no user namespaces (unshare --user).",
        "Run floe as an ordinary user.");
  }
}
