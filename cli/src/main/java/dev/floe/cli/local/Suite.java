package dev.floe.cli.local;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.output.Progress;
import dev.floe.local.LocalException;
import dev.floe.local.home.Endpoints;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.FolderLock;
import dev.floe.local.postgresql.LocalPostgresql;
import dev.floe.local.process.ProcessSpec;
import dev.floe.local.process.ProcessStatus;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import dev.floe.local.process.Supervisor;
import dev.floe.local.python.PythonInterpreter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The three services and their database on this machine, as supervised processes. Bringing it up
 * can be repeated at any time: what runs as it should is left alone, everything else is put right.
 */
public final class Suite {
  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(150);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration LOCK_HINT = Duration.ofSeconds(2);
  private static final int LAST_LINES = 15;

  private final Session session;
  private final FloeHome home;
  private final Readiness readiness;

  public Suite(Session session) {
    this.session = session;
    this.home = session.home();
    this.readiness = new Readiness(home.token());
  }

  /**
   * What is started.
   *
   * @param checkout the source tree in which the services were built
   * @param nativeExecutables native executables instead of jars for the JVM
   */
  public record Programs(Path checkout, boolean nativeExecutables) {}

  /**
   * Has everything running and ready.
   *
   * @param configured ports that the user chose; the others are found
   */
  public Endpoints up(Programs programs, Map<Port, Integer> configured) throws IOException {
    // Every process is started by it: without one nothing is begun.
    var _ = PythonInterpreter.find(System.getenv());
    try (var _ = lock()) {
      var remembered = SuiteRecord.read(home);
      var ports = ports(configured, remembered);
      var passedOn =
          isAnythingRunning() && !remembered.environment().isEmpty()
              ? remembered.environment()
              : SuiteRecord.passedOn(session.environment());
      SuiteRecord.write(home, ports, passedOn);
      var credentials = Credentials.of(home);
      var environment = new ServiceEnvironment(home, ports, credentials, passedOn);
      var endpoints = endpoints(environment);
      var isFirst = !isAnythingRunning();
      endpoints.write(home);
      try {
        startAll(programs, ports, credentials, environment);
      } catch (CommandFailure | LocalException | IOException e) {
        if (isFirst && !isTimeout(e)) {
          new Shutdown(session).run();
        }
        throw e;
      }
      return endpoints;
    }
  }

  /** Ends everything, in reverse order; data stays. */
  void down() throws IOException {
    try (var _ = lock()) {
      if (new Shutdown(session).run() == 0) {
        session.progress().say("Nothing was running.");
      }
    }
  }

  /** Where each process stands, in the order in which they are started. */
  List<MemberStatus> status() throws IOException {
    var ports = SuiteRecord.read(home).known();
    return List.of(Member.values()).stream().map(member -> status(member, ports)).toList();
  }

  private void startAll(
      Programs programs,
      Map<Port, Integer> ports,
      Credentials credentials,
      ServiceEnvironment environment)
      throws IOException {
    var tasks = Executors.newVirtualThreadPerTaskExecutor();
    try {
      var database = tasks.submit(() -> startDatabase(ports, credentials));
      var gateway =
          tasks.submit(() -> start(programs, Member.TELEMETRY_GATEWAY, ports, environment));
      join(database);
      var others =
          List.of(
              tasks.submit(() -> start(programs, Member.PLATFORM_MANAGER, ports, environment)),
              tasks.submit(() -> start(programs, Member.JOB_LAUNCHER, ports, environment)));
      for (var other : others) {
        join(other);
      }
      join(gateway);
    } finally {
      tasks.shutdownNow(); // after a failure nobody waits until the others are ready
      awaitEnd(tasks);
    }
  }

  /** Who only ran out of time may continue starting; the next call finds it further on. */
  private static boolean isTimeout(Exception failure) {
    return failure instanceof CommandFailure known && known.exitCode() == ExitCode.TIMEOUT;
  }

  private @Nullable Void startDatabase(Map<Port, Integer> ports, Credentials credentials) {
    var server = postgresql(number(ports, Port.POSTGRESQL));
    if (server.isReady()) {
      server.start(List.of(credentials.database()));
      return null;
    }
    var step = session.progress().step("starting postgresql");
    try {
      server.start(List.of(credentials.database()));
      step.done("postgresql");
    } catch (RuntimeException e) {
      step.failed("postgresql");
      throw e;
    }
    return null;
  }

  private @Nullable Void start(
      Programs programs, Member member, Map<Port, Integer> ports, ServiceEnvironment environment)
      throws IOException {
    var name = member.value();
    var program =
        ServiceProgram.find(
            programs.checkout(), name, programs.nativeExecutables() ? null : java());
    var env = environment.of(member);
    // What it is started from: another program, or another token, and it is started anew.
    env.put("FLOE_BUILD", program.fingerprint() + "-" + Credentials.tokenFingerprint(home));
    var spec = ProcessSpec.service(program.command(), env, home.root()).withStop("TERM", GRACE);
    var port = number(ports, httpPort(member));
    var supervisor = Supervisor.at(home);
    var folder = home.service(name);
    sweepLost(supervisor, folder);
    var before = statusOf(supervisor, folder);
    if (before instanceof Running && readiness.of(port) == Readiness.State.READY) {
      var process = supervisor.ensure(folder, spec);
      if (before.equals(process.status())) {
        return null;
      }
    }
    var step = session.progress().step("starting " + name);
    try {
      var process = supervisor.ensure(folder, spec);
      var restarts = before instanceof Running running ? running.restarts() + 1 : 0;
      awaitReady(member, process, port, restarts, step);
      step.done(name);
    } catch (RuntimeException e) {
      step.failed(name);
      throw e;
    }
    return null;
  }

  /** What a supervisor that was killed left behind is ended before it is started anew. */
  private static void sweepLost(Supervisor supervisor, Path folder) {
    if (statusOf(supervisor, folder) instanceof ProcessStatus.Lost) {
      supervisor.open(folder).kill();
    }
  }

  /**
   * @param restarts how many restarts are no failure: one more than there were, where a running
   *     service was killed and its supervisor is about to start it again
   */
  private void awaitReady(
      Member member, SupervisedProcess process, int port, int restarts, Progress.Step step) {
    var until = session.deadline(LONGEST_START);
    while (true) {
      var state = readiness.of(port);
      if (state == Readiness.State.READY) {
        return;
      }
      step.now(
          state == Readiness.State.STARTING
              ? member + " is up, and waits for what it needs"
              : "starting " + member);
      var status = process.status();
      if (!(status instanceof Running running) || running.restarts() > restarts) {
        throw notUp(ExitCode.FAILED, member + " ended while it started.", member, process);
      }
      if (Instant.now().isAfter(until)) {
        throw notUp(ExitCode.TIMEOUT, member + " is not ready in time.", member, process);
      }
      pause();
    }
  }

  private static CommandFailure notUp(
      ExitCode exitCode, String message, Member member, SupervisedProcess process) {
    return new CommandFailure(
        exitCode, message, lastLines(process), List.of("floe local logs " + member));
  }

  private static List<String> lastLines(SupervisedProcess process) {
    try {
      var log = process.log();
      var part = log.read(log.offsetOfTail(LAST_LINES), 1 << 14);
      return new String(part.bytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private Map<Port, Integer> ports(Map<Port, Integer> configured, SuiteRecord remembered)
      throws IOException {
    var known = remembered.known();
    return new PortChoice(port -> isOurs(port, known), Port::isFree, Port::anyFree)
        .choose(configured, known);
  }

  /** Whether the process that listens on the remembered port is the suite's. */
  private boolean isOurs(Port port, Map<Port, Integer> known) {
    var member = port.member();
    if (!(processStatus(member) instanceof Running)) {
      return false;
    }
    var http = known.get(httpPort(member));
    return member == Member.POSTGRESQL
        ? postgresql(number(known, Port.POSTGRESQL)).isReady()
        : http != null && readiness.of(http) != Readiness.State.SILENT;
  }

  private boolean isAnythingRunning() {
    return List.of(Member.values()).stream()
        .anyMatch(member -> processStatus(member) instanceof Running);
  }

  private MemberStatus status(Member member, Map<Port, Integer> ports) {
    var process = processStatus(member);
    var port = ports.get(httpPort(member));
    var ready =
        process instanceof Running
            && port != null
            && (member == Member.POSTGRESQL
                ? postgresql(port).isReady()
                : readiness.of(port) == Readiness.State.READY);
    return MemberStatus.of(member, process, ready, port);
  }

  private ProcessStatus processStatus(Member member) {
    return statusOf(Supervisor.at(home), home.service(member.value()));
  }

  private static ProcessStatus statusOf(Supervisor supervisor, Path folder) {
    return supervisor.exists(folder)
        ? supervisor.open(folder).status()
        : new ProcessStatus.NotStarted();
  }

  private LocalPostgresql postgresql(int port) {
    return LocalPostgresql.at(
        home, home.service(Member.POSTGRESQL.value()), home.data("postgresql"), port);
  }

  private Endpoints endpoints(ServiceEnvironment environment) {
    return new Endpoints(
        URI.create(environment.url(Port.PLATFORM_MANAGER)),
        URI.create(environment.url(Port.JOB_LAUNCHER)),
        URI.create(environment.url(Port.TELEMETRY_GATEWAY)),
        URI.create(environment.url(Port.OTLP_GRPC)),
        URI.create(environment.url(Port.OTLP_HTTP)),
        home.token());
  }

  private FolderLock lock() throws IOException {
    Optional<FolderLock> lock = FolderLock.tryAcquire(home.lock(), LOCK_HINT);
    if (lock.isPresent()) {
      return lock.get();
    }
    session.progress().say("Another floe is at work on " + home.root() + "; waiting for it.");
    var until = session.deadline(LONGEST_START);
    return FolderLock.tryAcquire(home.lock(), Duration.between(Instant.now(), until))
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.TIMEOUT,
                "Another floe is still at work on " + home.root() + ".",
                "floe local status"));
  }

  private static Port httpPort(Member member) {
    return switch (member) {
      case POSTGRESQL -> Port.POSTGRESQL;
      case TELEMETRY_GATEWAY -> Port.TELEMETRY_GATEWAY;
      case PLATFORM_MANAGER -> Port.PLATFORM_MANAGER;
      case JOB_LAUNCHER -> Port.JOB_LAUNCHER;
    };
  }

  private Path java() {
    return Jdk.find(session.environment())
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.FAILED,
                "There is no Java %d or newer on this machine.".formatted(Jdk.OLDEST),
                "install a JDK, version %d or newer, or set JAVA_HOME to one"
                    .formatted(Jdk.OLDEST)))
        .java();
  }

  private static int number(Map<Port, Integer> ports, Port port) {
    var number = ports.get(port);
    if (number == null) {
      throw new IllegalStateException("no number for " + port);
    }
    return number;
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    }
  }

  private static void awaitEnd(ExecutorService tasks) {
    try {
      tasks.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Future<?> task) throws IOException {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.").because(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException known -> throw known;
        case IOException known -> throw known;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
