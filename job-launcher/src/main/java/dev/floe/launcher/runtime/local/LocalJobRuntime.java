package dev.floe.launcher.runtime.local;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import dev.floe.launcher.runtime.local.AttemptFolder.Identity;
import dev.floe.local.LocalException;
import dev.floe.local.home.Failures;
import dev.floe.local.home.FloeHome;
import dev.floe.local.image.LocalImages;
import dev.floe.local.image.UnknownImageException;
import dev.floe.local.process.ProcessSpec;
import dev.floe.local.process.ProcessStatus.Ended;
import dev.floe.local.process.ProcessStatus.Lost;
import dev.floe.local.process.ProcessStatus.NotStarted;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import dev.floe.local.process.Supervisor;
import dev.floe.local.secret.SecretFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs each attempt as a supervised group of processes in a folder of its own. */
public final class LocalJobRuntime implements JobRuntime {
  private static final Logger LOG = Logger.getLogger(LocalJobRuntime.class);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final long LOG_BYTES = 64L << 20;

  private final FloeHome home;
  private final Supervisor supervisor;
  private final LocalImages images;
  private final SecretFiles secrets;
  private final EndWatch ends;
  private final Set<String> watched = ConcurrentHashMap.newKeySet();
  private final String node;

  /**
   * @throws LocalException the home can't be written
   */
  public LocalJobRuntime(FloeHome home) {
    this.home = home;
    this.supervisor = Supervisor.at(home);
    this.images = LocalImages.at(home);
    this.secrets = SecretFiles.at(home);
    this.ends = new EndWatch();
    this.node = hostName();
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public void listen(Listener listener) {
    ends.listen(listener);
  }

  /** Finds the attempts again that run in this namespace since before this launcher was started. */
  @Override
  public void watch(String namespace) {
    if (!watched.add(namespace) || !Files.isDirectory(home.attempts())) {
      return;
    }
    try (var folders =
        Files.newDirectoryStream(home.attempts(), path -> !hidden(path.getFileName().toString()))) {
      for (var path : folders) {
        new AttemptFolder(path)
            .identity()
            .map(Identity::ref)
            .filter(ref -> ref.namespace().equals(namespace))
            .ifPresent(ref -> ends.follow(ref, supervisor.open(path)));
      }
    } catch (IOException e) {
      watched.remove(namespace);
      throw unavailable("The attempts' folders can't be read", e);
    }
  }

  @Override
  public String create(AttemptSpec spec) {
    var folder = AttemptFolder.of(home, spec.ref());
    try {
      if (supervisor.exists(folder.path())) {
        var present = folder.identity().map(Identity::epoch).orElse(Long.MIN_VALUE);
        if (present > spec.epoch()) {
          throw new RuntimeUnavailableException(
              spec.ref().name() + " was taken over by a later claim", new IOException("epoch"));
        }
        var process = supervisor.open(folder.path());
        // What an earlier claim let run is never begun again, whatever the database remembers.
        if (present == spec.epoch() || !(process.status() instanceof NotStarted)) {
          return process.uid();
        }
        process.delete();
      }
      return prepare(spec, folder).uid();
    } catch (UnknownImageException e) {
      throw refused(Obstacle.Kind.IMAGE_PULL, "ErrImagePull", e);
    } catch (LocalException e) {
      throw refused(e);
    } catch (InvalidPathException e) {
      throw refused(Obstacle.Kind.START_ERROR, "StartError", unreadable(spec, e));
    } catch (IOException e) {
      if (Failures.isDiskFull(e)) {
        throw refused(
            new LocalException(
                "The attempt " + spec.ref().name() + " can't be prepared: the disk is full",
                Failures.action(e, folder.path(), "")));
      }
      throw unavailable("The attempt " + spec.ref().name() + " can't be prepared", e);
    }
  }

  /** A full disk is waited for; what else is wrong with this machine somebody must change. */
  private static LaunchRefusedException refused(LocalException e) {
    return Failures.isDiskFull(e)
        ? refused(Obstacle.Kind.DISK_FULL, "DiskFull", e)
        : refused(Obstacle.Kind.START_ERROR, "StartError", e);
  }

  /** A path that this process cannot name in the encoding that its locale gives it. */
  private static LocalException unreadable(AttemptSpec spec, InvalidPathException e) {
    return new LocalException(
        "The image %s lies in a folder whose path job-launcher cannot open under its locale (%s)."
            .formatted(spec.request().image(), System.getProperty("sun.jnu.encoding")),
        "Restart the services with LC_ALL=C.UTF-8, or move the folder to a path of ASCII letters.",
        e);
  }

  @Override
  public void release(AttemptRef attempt, String uid) {
    var process = find(attempt).filter(p -> p.uid().equals(uid));
    if (process.isEmpty()) {
      return;
    }
    try {
      process.get().start();
    } catch (LocalException e) {
      throw refused(e);
    }
    ends.follow(attempt, process.get());
  }

  @Override
  public Observation observe(AttemptRef attempt) {
    var found = find(attempt);
    if (found.isEmpty()) {
      return new Observation.Absent();
    }
    var process = found.get();
    var uid = process.uid();
    if (process.status() instanceof Lost lost) {
      LOG.warnf("Attempt %s was lost: %s", attempt.name(), lost.reason());
      process.kill();
    }
    return switch (process.status()) {
      case NotStarted _ -> new Observation.Waiting(uid, true, null);
      case Running running when running.pid() == 0 -> new Observation.Waiting(uid, false, null);
      case Running running -> new Observation.Running(uid, null, node, running.since());
      case Ended ended -> new Observation.Ended(uid, null, node, ending(ended.ending()));
      case Lost lost ->
          throw unavailable(
              "The attempt " + attempt.name() + " can't be cleared away: " + lost.reason());
    };
  }

  @Override
  public void stop(AttemptRef attempt, Duration grace) {
    find(attempt).ifPresent(process -> process.stop(grace));
  }

  @Override
  public void delete(AttemptRef attempt, String uid) {
    find(attempt).filter(process -> process.uid().equals(uid)).ifPresent(SupervisedProcess::delete);
  }

  @Override
  public Optional<AttemptLog> log(AttemptRef attempt, LogPosition from, boolean follow) {
    var process = find(attempt).filter(p -> !(p.status() instanceof NotStarted));
    if (process.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new LocalLog(process.get(), from, follow));
    } catch (IOException e) {
      throw unavailable("The log of " + attempt.name() + " can't be read", e);
    }
  }

  private SupervisedProcess prepare(AttemptSpec spec, AttemptFolder folder) throws IOException {
    var request = spec.request();
    var command = new ArrayList<>(request.command() == null ? List.of() : request.command());
    if (command.isEmpty()) {
      throw new LocalException(
          "The run names no command, and a local image has none of its own.",
          "Give the run a command.");
    }
    command.addAll(request.args() == null ? List.of() : request.args());
    var image = images.prepare(request.image(), LOG::info);
    var environment = AttemptEnvironment.of(spec, image, folder, secrets);
    var process =
        ProcessSpec.once(command, environment, folder.work())
            .withTimeout(spec.timeout())
            .withStop("TERM", GRACE)
            .withMemory(memory(spec))
            .withLog(LOG_BYTES);
    return supervisor.prepare(
        folder.path(),
        process,
        draft -> AttemptFolder.fill(draft, image.source(), new Identity(spec.ref(), spec.epoch())));
  }

  private static @Nullable Long memory(AttemptSpec spec) {
    var asked = spec.request().resources();
    var quantity = spec.memory() != null || asked == null ? spec.memory() : asked.memory();
    try {
      return quantity == null ? null : Quantities.bytes(quantity);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new LaunchRefusedException(
          new Obstacle(
              Obstacle.Kind.CONTAINER_CONFIG,
              "CreateContainerConfigError",
              "resources.memory is %s, which is not an amount of memory up to 8Ei: lower it"
                  .formatted(quantity)));
    }
  }

  private Optional<SupervisedProcess> find(AttemptRef attempt) {
    var path = AttemptFolder.of(home, attempt).path();
    return supervisor.exists(path) ? Optional.of(supervisor.open(path)) : Optional.empty();
  }

  private static Ending ending(dev.floe.local.process.Ending ending) {
    var cause =
        switch (ending.reason()) {
          case EXITED -> Ending.Cause.EXITED;
          case OOM_KILLED -> Ending.Cause.OOM_KILLED;
          case DEADLINE_EXCEEDED -> Ending.Cause.DEADLINE;
          case STOPPED -> Ending.Cause.STOPPED;
          case START_ERROR -> Ending.Cause.START_ERROR;
          case REBOOTED -> Ending.Cause.NODE_LOST;
          case LOST -> Ending.Cause.POD_DELETED;
        };
    var code = ending.shellExitCode();
    return new Ending(
        cause,
        code.isPresent() ? code.getAsInt() : null,
        ending.signal().isPresent() ? ending.signal().getAsInt() : null,
        ending.reason().written(),
        ending.message(),
        ending.startedAt(),
        ending.finishedAt());
  }

  private static LaunchRefusedException refused(
      Obstacle.Kind kind, String reason, LocalException e) {
    var what = String.valueOf(e.getMessage());
    return new LaunchRefusedException(
        new Obstacle(kind, reason, what + (what.endsWith(".") ? " " : ". ") + e.action()));
  }

  private static RuntimeUnavailableException unavailable(String what, IOException e) {
    return new RuntimeUnavailableException(what + ": " + e.getMessage(), e);
  }

  private static RuntimeUnavailableException unavailable(String what) {
    return new RuntimeUnavailableException(what, new IOException(what));
  }

  private static boolean hidden(String name) {
    return name.startsWith(".");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
