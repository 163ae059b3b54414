package dev.floe.platform.runtime.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.EventReason;
import dev.floe.contract.platform.PlatformDiff.Action;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.kit.idempotency.PayloadHash;
import dev.floe.local.LocalException;
import dev.floe.local.home.Endpoints;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.plan.TreeDiff;
import dev.floe.platform.runtime.ComponentLog;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.LogRequest;
import dev.floe.platform.runtime.Observation;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.Removal;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeConfig;
import dev.floe.platform.runtime.SeenWorkload;
import dev.floe.platform.runtime.WritePermit;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Platforms as supervised processes of this machine; they outlive platform-manager. */
@Singleton
@Typed(LocalPlatformRuntime.class)
public class LocalPlatformRuntime implements PlatformRuntime {
  /** Value of {@code floe.runtime}. */
  public static final String NAME = "local";

  private static final Logger LOG = Logger.getLogger(LocalPlatformRuntime.class);
  private static final String PROCESS = "Process";
  private static final String SERVER = "PostgresqlServer";
  private static final String FOLDER = "Folder";

  private final RuntimeConfig config;
  private final FloeHome home;
  private final LocalPorts ports;
  private final LocalSecrets secrets;
  private final LocalProcesses processes;
  private final LocalServers servers;

  LocalPlatformRuntime(
      RuntimeConfig config, @ConfigProperty(name = "floe.home") Optional<Path> home) {
    this.config = config;
    this.home = home.map(FloeHome::at).orElseGet(() -> FloeHome.of(System.getenv()));
    this.ports = new LocalPorts(this.home);
    this.secrets = new LocalSecrets(this.home, config.suiteNamespace());
    this.processes = new LocalProcesses(this.home, secrets);
    this.servers = new LocalServers(this.home, secrets);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ObjectNode facts(String platform) {
    var facts = JsonNodeFactory.instance.objectNode();
    Optional<Endpoints> endpoints;
    try {
      endpoints = Endpoints.read(home);
    } catch (IOException e) {
      throw new RolloutFailedException("%s cannot be read".formatted(home.endpoints()), e);
    }
    facts
        .putObject("suite")
        .put("namespace", config.suiteNamespace())
        .put(
            "jobLauncherUrl",
            config
                .jobLauncherUrl()
                .or(() -> endpoints.map(known -> known.jobLauncher().toString()))
                .orElse("http://127.0.0.1:8581"))
        .put(
            "otlpEndpoint",
            config
                .otlpEndpoint()
                .or(() -> endpoints.map(known -> known.otlpHttp().toString()))
                .orElse("http://127.0.0.1:4318"));
    facts
        .putObject("local")
        .put("home", platformFolder(platform).toString())
        .put("tokenFile", home.token().toString());
    return facts;
  }

  @Override
  public boolean serves(String kind) {
    return false;
  }

  @Override
  public int port(String platform, String component, String name) {
    try {
      return ports.port(platform, component, name);
    } catch (IOException e) {
      throw failed("No port can be chosen for " + component, e);
    }
  }

  @Override
  public void keepInlineSecrets(String platform, Map<String, Map<String, String>> inline) {
    run(() -> {
      for (var secret : inline.entrySet()) {
        secrets.put(
            dev.floe.platform.plan.Planner.namespace(platform), secret.getKey(), secret.getValue());
      }
    });
  }

  @Override
  public void prepare(Plan plan, WritePermit permit) {
    run(() -> {
      for (var component : plan.components()) {
        for (var secret : component.secrets()) {
          permit.check();
          secrets.ensure(plan.namespace(), secret);
        }
      }
    });
  }

  @Override
  public void apply(
      Plan plan,
      PlannedComponent component,
      WritePermit permit,
      Consumer<AppliedObject> applied,
      Consumer<String> progress) {
    run(() -> {
      var hash = configHash(component);
      for (var object : component.objects()) {
        permit.check();
        switch (object.path("kind").asText()) {
          case FOLDER -> folder(object);
          case SERVER -> servers.ensure(object, plan);
          case PROCESS -> processes.ensure(object, plan.namespace(), hash, progress);
          default -> {}
        }
      }
    });
  }

  @Override
  public Observation observe(Plan plan, PlannedComponent component) {
    var all = new ArrayList<SeenWorkload>();
    run(() -> {
      for (var object : component.objects()) {
        switch (object.path("kind").asText()) {
          case PROCESS -> all.add(processes.observe(object));
          case SERVER -> all.add(servers.observe(object));
          default -> {}
        }
      }
    });
    return Observation.of(all);
  }

  @Override
  public List<JobRun> jobRuns(Plan plan, PlannedComponent component) {
    return List.of(); // blueprints have no Jobs on one machine
  }

  @Override
  public void revive(Plan plan, PlannedComponent component, WritePermit permit) {
    run(() -> {
      if (component.objects().stream().anyMatch(this::ended)) {
        LOG.infof("Starting %s of %s again", component.name(), plan.platform());
        prepare(plan, permit);
        apply(plan, component, permit, applied -> {}, LOG::info);
      }
    });
  }

  private boolean ended(JsonNode object) {
    return switch (object.path("kind").asText()) {
      case PROCESS -> !processes.runs(object);
      case SERVER -> !servers.runs(object);
      default -> false;
    };
  }

  @Override
  public void prepareDomains(Plan plan, WritePermit permit) {
    permit.check();
    run(() -> secrets.copyToDomains(plan));
  }

  /** All domains of one machine are of one person. */
  @Override
  public List<String> revoke(Plan plan, List<PlannedDomain> former, WritePermit permit) {
    return List.of();
  }

  @Override
  public Removal remove(
      Plan remaining, List<AppliedObject> applied, boolean gone, WritePermit permit) {
    var seen = new HashSet<Path>();
    for (var component : remaining.components()) {
      seen.addAll(LocalProcesses.folders(component.objects()).values());
    }
    var removed = new ArrayList<String>();
    run(() -> {
      for (var former : applied.reversed()) {
        var object = former.tree();
        if (runs(object) && seen.add(LocalProcesses.folder(object))) {
          permit.check();
          if (delete(object)) {
            removed.add(named(object));
          }
        }
      }
    });
    return new Removal(removed, List.of());
  }

  private static boolean runs(JsonNode object) {
    var kind = object.path("kind").asText();
    return kind.equals(PROCESS) || kind.equals(SERVER);
  }

  /** Ends a process and removes its folder; false when there was none. */
  private boolean delete(JsonNode object) {
    boolean exists = processes.exists(LocalProcesses.folder(object));
    if (object.path("kind").asText().equals(SERVER)) {
      servers.stop(object);
    }
    processes.delete(object);
    return exists;
  }

  /** {@code Kind/component/name}. */
  private static String named(JsonNode object) {
    var folder = LocalProcesses.folder(object);
    return "%s/%s/%s"
        .formatted(
            object.path("kind").asText(),
            folder.resolveSibling("").getFileName(),
            folder.getFileName());
  }

  @Override
  public List<ObjectChange> diff(
      @Nullable Plan former, List<AppliedObject> applied, List<PlannedDomain> domains, Plan plan) {
    var before = objects(former);
    var after = objects(plan);
    var changes = new ArrayList<ObjectChange>();
    run(() -> changes.addAll(secrets.changes(plan)));
    after.forEach((name, object) -> {
      var old = before.get(name);
      if (old == null) {
        changes.add(new ObjectChange(Action.CREATE, name, object.component(), List.of()));
      } else {
        var fields = TreeDiff.of(old.tree(), object.tree(), pointer -> false, false);
        if (!fields.isEmpty()) {
          changes.add(new ObjectChange(Action.UPDATE, name, object.component(), fields));
        }
      }
    });
    before.forEach((name, object) -> {
      if (!after.containsKey(name)) {
        changes.add(new ObjectChange(Action.DELETE, name, object.component(), List.of()));
      }
    });
    return changes;
  }

  private record Named(String component, JsonNode tree) {}

  private static Map<String, Named> objects(@Nullable Plan plan) {
    var objects = new LinkedHashMap<String, Named>();
    if (plan != null) {
      for (var component : plan.components()) {
        for (var object : component.objects()) {
          objects.put(
              "%s/%s/%s"
                  .formatted(
                      object.path("kind").asText(),
                      component.name(),
                      object.path("metadata").path("name").asText()),
              new Named(component.name(), object));
        }
      }
    }
    return objects;
  }

  @Override
  public ComponentLog logs(Plan plan, PlannedComponent component, LogRequest request) {
    return new LocalLogs(LocalProcesses.folders(component.objects()), request);
  }

  @Override
  public void emit(Plan plan, EventReason reason, String note) {
    LOG.infof("%s %s: %s", plan.platform(), reason.value(), note);
  }

  private static void folder(JsonNode object) throws IOException {
    var path = Path.of(object.path("spec").path("path").asText());
    PrivateFiles.createFolder(path);
    for (var file : object.path("spec").path("files").properties()) {
      var target = path.resolve(PrivateFiles.segment(file.getKey()));
      var text = file.getValue().asText();
      if (!text.equals(PrivateFiles.read(target).orElse(null))) {
        PrivateFiles.write(target, text);
      }
    }
  }

  /** Changes with the files that a component's processes read. */
  private static String configHash(PlannedComponent component) {
    var files =
        component.objects().stream()
            .filter(object -> object.path("kind").asText().equals(FOLDER))
            .toList();
    return HexFormat.of().formatHex(PayloadHash.of(files)).substring(0, 16);
  }

  private Path platformFolder(String platform) {
    return home.component(platform, "x").resolveSibling("").normalize();
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (LocalException e) {
      throw new RolloutFailedException(e.getMessage() + " " + e.action(), e);
    } catch (IOException e) {
      throw failed("This machine did not do its part", e);
    }
  }

  private static RolloutFailedException failed(String what, IOException e) {
    return new RolloutFailedException(what + ": " + e, e);
  }
}
