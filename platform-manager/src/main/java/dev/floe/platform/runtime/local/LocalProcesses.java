package dev.floe.platform.runtime.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.floe.contract.platform.PlatformStatus.WorkloadStatus;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.image.LocalImages;
import dev.floe.local.process.ProcessSpec;
import dev.floe.local.process.ProcessStatus;
import dev.floe.local.process.ProcessStatus.Ended;
import dev.floe.local.process.ProcessStatus.Lost;
import dev.floe.local.process.ProcessStatus.NotStarted;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.Supervisor;
import dev.floe.local.python.PythonEnvironments;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.runtime.SeenWorkload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Objects of kind Process: supervised commands out of a Python environment or a local image. */
final class LocalProcesses {
  private static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

  /** Shorter values are parts of ordinary words. */
  private static final int SECRET_MIN = 4;

  private final FloeHome home;
  private final LocalSecrets secrets;

  LocalProcesses(FloeHome home, LocalSecrets secrets) {
    this.home = home;
    this.secrets = secrets;
  }

  /** Looked for at each call, so that a machine without Python says so where it matters. */
  private Supervisor supervisor() {
    return Supervisor.at(home);
  }

  /** Has it run as planned; one that runs so already is left alone. */
  void ensure(JsonNode object, String namespace, String configHash, Consumer<String> progress)
      throws IOException {
    var spec = object.path("spec");
    var folder = folder(object);
    var environment = new HashMap<String, String>();
    environment.put("LANG", "C.UTF-8");
    environment.put("HOME", folder.resolveSibling("home").toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put("FLOE_CONFIG_HASH", configHash);
    Path workdir;
    Path programs;
    if (spec.has("image")) {
      var image = LocalImages.at(home).prepare(spec.path("image").asText(), progress);
      environment.putAll(image.environment());
      environment.put("FLOE_IMAGE_HASH", ContentHash.of(image));
      programs = image.pathPrefix();
      workdir = image.source();
    } else {
      programs = environment(spec.path("requirements").asText(), progress);
      workdir = Path.of(spec.path("workdir").asText());
    }
    environment.put("PATH", programs + ":" + SYSTEM_PATH);
    for (var variable : spec.path("env")) {
      environment.put(variable.path("name").asText(), value(variable, namespace));
    }
    PrivateFiles.createFolder(folder.resolveSibling("home"));
    supervisor().ensure(folder, ProcessSpec.service(command(spec, programs), environment, workdir));
  }

  private static List<String> command(JsonNode spec, Path programs) {
    var command = new ArrayList<String>();
    spec.path("command").forEach(word -> command.add(word.asText()));
    var program = programs.resolve(command.getFirst());
    if (java.nio.file.Files.isExecutable(program)) {
      command.set(0, program.toString());
    }
    return command;
  }

  private String value(JsonNode variable, String namespace) throws IOException {
    var reference = variable.path("valueFrom").path("secretKeyRef");
    return reference.isMissingNode()
        ? variable.path("value").asText()
        : secrets.value(namespace, reference.path("name").asText(), reference.path("key").asText());
  }

  /** The environment of a blueprint's locked requirements. */
  private Path environment(String resource, Consumer<String> progress) throws IOException {
    var file = home.lib().resolve(resource.replace('/', '-'));
    var text = BlueprintLibrary.resource(resource);
    if (!text.equals(PrivateFiles.read(file).orElse(""))) {
      PrivateFiles.write(file, text);
    }
    return PythonEnvironments.at(home).prepare(file, progress).bin();
  }

  boolean runs(JsonNode object) {
    var folder = folder(object);
    return supervisor().exists(folder) && supervisor().open(folder).status() instanceof Running;
  }

  SeenWorkload observe(JsonNode object) {
    var name = object.path("metadata").path("name").asText();
    var folder = folder(object);
    ProcessStatus status =
        supervisor().exists(folder) ? supervisor().open(folder).status() : new NotStarted();
    return switch (status) {
      case NotStarted _ -> seen(false, false, "NotStarted", name, 0, "not started");
      case Lost lost -> seen(false, false, "Lost", name, 0, lost.reason());
      case Ended ended -> seen(false, true, "Ended", name, 0, ended.ending().message());
      case Running running -> running(object, name, running);
    };
  }

  private SeenWorkload running(JsonNode object, String name, Running running) {
    if (running.pid() == 0) {
      var ending = running.lastEnding();
      return seen(
          false,
          ending.isPresent(),
          ending.isPresent() ? "Restarting" : "Starting",
          name,
          running.restarts(),
          ending.map(last -> last.message() + lastWords(object)).orElse("starting"));
    }
    var wrong = LocalProbe.ask(object.path("spec").path("readinessProbe"));
    if (wrong.isEmpty()) {
      return seen(true, false, "Ready", name, running.restarts(), null);
    }
    var before = running.lastEnding().map(last -> "; ended before: " + last.message()).orElse("");
    return seen(
        false, running.restarts() > 2, "NotReady", name, running.restarts(), wrong.get() + before);
  }

  private static SeenWorkload seen(
      boolean ready,
      boolean failing,
      String reason,
      String name,
      int restarts,
      @org.jspecify.annotations.Nullable String message) {
    return new SeenWorkload(
        ready,
        failing,
        reason,
        new WorkloadStatus("Process", name, ready ? 1 : 0, 1, restarts, message));
  }

  private String lastWords(JsonNode object) {
    var process = supervisor().open(folder(object));
    var log = process.log();
    try {
      var bytes = log.read(log.offsetOfTail(1), 1 << 12).bytes();
      var words = new String(bytes, StandardCharsets.UTF_8).strip();
      var secrets = new ArrayList<String>();
      var environment = process.environment();
      for (var variable : object.path("spec").path("env")) {
        if (variable.has("valueFrom")) {
          secrets.add(environment.getOrDefault(variable.path("name").asText(), ""));
        }
      }
      return words.isEmpty() ? "" : ": " + without(words, secrets);
    } catch (IOException e) {
      return "";
    }
  }

  /** A line of a log without the secrets that the process was given. */
  static String without(String line, List<String> secrets) {
    var safe = line;
    for (var secret : secrets) {
      if (secret.length() >= SECRET_MIN) {
        safe = safe.replace(secret, "•••");
      }
    }
    return safe;
  }

  void delete(JsonNode object) {
    delete(folder(object));
  }

  void delete(Path folder) {
    if (supervisor().exists(folder)) {
      var process = supervisor().open(folder);
      process.stop(java.time.Duration.ofSeconds(10));
      process.awaitEnd(java.time.Duration.ofSeconds(20));
      process.delete();
    }
  }

  boolean exists(Path folder) {
    return supervisor().exists(folder);
  }

  static Path folder(JsonNode object) {
    return Path.of(object.path("spec").path("folder").asText());
  }

  /** Names of the processes of a component's objects and the folders they run in. */
  static Map<String, Path> folders(Iterable<? extends JsonNode> objects) {
    var folders = new java.util.LinkedHashMap<String, Path>();
    for (var object : objects) {
      if (object.path("spec").has("folder")) {
        folders.put(object.path("metadata").path("name").asText(), folder(object));
      }
    }
    return folders;
  }
}
