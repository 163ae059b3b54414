package dev.floe.local.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.local.LocalException;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.process.ProcessStatus.Ended;
import dev.floe.local.process.ProcessStatus.Lost;
import dev.floe.local.process.ProcessStatus.NotStarted;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.python.PythonInterpreter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One process in its folder; every call reads the files anew, so any number of programs may look.
 */
public final class SupervisedProcess {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private final Path folder;
  private final Path script;
  private final Supplier<PythonInterpreter> python;

  SupervisedProcess(Path folder, Path script, Supplier<PythonInterpreter> python) {
    this.folder = folder;
    this.script = script;
    this.python = python;
  }

  /** The folder that holds everything about it. */
  public Path folder() {
    return folder;
  }

  /** The identity given when it was prepared; no other process ever has the same. */
  public String uid() {
    return spec().path("uid").asText();
  }

  /** What it is given; holds secrets. */
  public Map<String, String> environment() {
    var environment = new TreeMap<String, String>();
    spec()
        .path("env")
        .properties()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    return environment;
  }

  /**
   * Starts it; where it was started already nothing happens. A command that can't be started is an
   * ending ({@link Ending.Reason#START_ERROR}), not an error here.
   *
   * @throws LocalException nothing was started, and a later call may try again
   */
  public void start() {
    var answer = supervise(List.of(folder.toString()));
    if (answer.path("result").asText().equals("error")) {
      var words = answer.path("message").asText();
      throw new LocalException(
          "The process of " + folder + " could not be started: " + words,
          words.contains("disk is full")
              ? "Free some space on the disk of " + folder + "."
              : "Look into " + folder + ".");
    }
  }

  /** Where it stands. */
  public ProcessStatus status() {
    try {
      var process = SupervisedFiles.read(folder.resolve(SupervisedFiles.PROCESS));
      if (process.isPresent() && supervisor(process.get()).lives()) {
        return running(process.get());
      }
      var exit = SupervisedFiles.read(folder.resolve(SupervisedFiles.EXIT));
      if (exit.isPresent()) {
        return new Ended(SupervisedFiles.ending(exit.get()));
      }
      if (process.isEmpty()) {
        return new NotStarted();
      }
      var sameBoot = process.get().path("bootId").asText().equals(ProcessIdentity.currentBoot());
      return new Lost(sameBoot ? "its supervisor was killed" : "the machine was restarted");
    } catch (IOException e) {
      throw Supervisor.failure("The process of " + folder + " can't be read", folder, e);
    }
  }

  /**
   * Asks it to end and returns at once; one that was never started never will be.
   *
   * @param grace how long it may take before it is killed
   */
  public void stop(Duration grace) {
    var asked = SupervisedFiles.JSON.createObjectNode();
    asked.put("graceSeconds", SupervisedFiles.seconds(grace));
    try {
      PrivateFiles.write(folder.resolve(SupervisedFiles.STOP), asked.toString());
      supervisor().flatMap(s -> ProcessHandle.of(s.pid())).ifPresent(ProcessHandle::destroy);
    } catch (IOException e) {
      throw Supervisor.failure("The process of " + folder + " can't be stopped", folder, e);
    }
  }

  /**
   * Ends it now, with everything it started, also where its supervisor is stuck or gone; a lost one
   * has an ending afterwards.
   */
  public void kill() {
    if (status() instanceof Running) {
      stop(Duration.ZERO);
      awaitEnd(KILL_LIMIT);
    }
    try {
      var stuck = supervisor();
      stuck.flatMap(s -> ProcessHandle.of(s.pid())).ifPresent(ProcessHandle::destroyForcibly);
      stuck.ifPresent(s -> await(KILL_LIMIT, () -> !s.lives()));
    } catch (IOException e) {
      throw Supervisor.failure("The process of " + folder + " can't be ended", folder, e);
    }
    if (status() instanceof Lost) {
      supervise(List.of("--sweep", folder.toString()));
    }
  }

  /** Waits until it has ended, or for the given time. */
  public Optional<Ending> awaitEnd(Duration limit) {
    await(limit, () -> !(status() instanceof Running));
    return status() instanceof Ended ended ? Optional.of(ended.ending()) : Optional.empty();
  }

  /** What it wrote to its output and its errors. */
  public ProcessLog log() {
    return new ProcessLog(folder.resolve("log"));
  }

  /**
   * Bytes of its output that are missing in {@link #log}, because the disk was full until its end
   * and longer; known once it has ended.
   */
  public long lostOutput() {
    try {
      return SupervisedFiles.read(folder.resolve(SupervisedFiles.EXIT))
          .map(exit -> exit.path("logLostBytes").asLong(0))
          .orElse(0L);
    } catch (IOException e) {
      throw Supervisor.failure("The process of " + folder + " can't be read", folder, e);
    }
  }

  /** Ends it and removes its folder; from the first moment on nothing can be started in it. */
  public void delete() {
    if (!Files.exists(folder)) {
      return;
    }
    stop(Duration.ZERO);
    kill();
    var gone = folder.resolveSibling("." + folder.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
      PrivateFiles.deleteFolder(gone);
    } catch (IOException e) {
      throw Supervisor.failure("The folder " + folder + " can't be removed", folder, e);
    }
  }

  /** Writes another specification, ending the process first where it runs with the old one. */
  void respecify(ProcessSpec spec) {
    if (!(spec() instanceof ObjectNode present)) {
      throw new IllegalStateException("no specification in " + folder);
    }
    var wanted = SupervisedFiles.json(uid(), spec);
    if (wanted.toString().equals(present.toString())) {
      return;
    }
    if (status() instanceof Running) {
      stop(spec.grace());
      awaitEnd(spec.grace().plus(KILL_LIMIT));
      kill();
    }
    try {
      PrivateFiles.write(folder.resolve(SupervisedFiles.SPEC), wanted.toPrettyString());
    } catch (IOException e) {
      throw Supervisor.failure("The process of " + folder + " can't be changed", folder, e);
    }
  }

  private JsonNode spec() {
    try {
      return SupervisedFiles.read(folder.resolve(SupervisedFiles.SPEC))
          .orElseThrow(() -> new IllegalStateException("nothing was prepared in " + folder));
    } catch (IOException e) {
      throw Supervisor.failure("The process of " + folder + " can't be read", folder, e);
    }
  }

  private Optional<ProcessIdentity> supervisor() throws IOException {
    return SupervisedFiles.read(folder.resolve(SupervisedFiles.PROCESS))
        .map(SupervisedProcess::supervisor)
        .filter(ProcessIdentity::lives);
  }

  private static ProcessIdentity supervisor(JsonNode process) {
    return new ProcessIdentity(
        process.path("supervisorPid").asLong(),
        process.path("supervisorStart").asText(),
        process.path("bootId").asText());
  }

  private static Instant startedAt(JsonNode process) {
    return SupervisedFiles.instant(process.path("startedAt"), process.path("startedAt"));
  }

  private static Running running(JsonNode process) {
    var last = process.path("lastEnding");
    return new Running(
        process.path("pid").asLong(0),
        startedAt(process),
        process.path("restarts").asInt(),
        process.path("memoryLimit").asText("none"),
        last.isObject() ? Optional.of(SupervisedFiles.ending(last)) : Optional.empty());
  }

  private JsonNode supervise(List<String> arguments) {
    var command = new ArrayList<String>();
    var interpreter = python.get().executable();
    command.addAll(List.of(interpreter.toString(), "-I", script.toString()));
    command.addAll(arguments);
    try {
      var builder = new ProcessBuilder(command).directory(new File("/"));
      builder.redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var json = output.lines().filter(line -> line.startsWith("{")).findFirst();
      if (json.isEmpty()) {
        throw new LocalException(
            "The supervisor of " + folder + " failed: " + output.strip(),
            "Look whether " + interpreter + " works and is Python 3.10 or newer.");
      }
      return SupervisedFiles.JSON.readTree(json.get());
    } catch (IOException e) {
      throw Supervisor.failure("The supervisor can't be run", folder, e);
    }
  }

  private static void await(Duration limit, BooleanSupplier condition) {
    var until = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.getAsBoolean() && System.nanoTime() < until) {
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
