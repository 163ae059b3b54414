package dev.floe.platform.rollout;

import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.BlueprintException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.manifest.InlineSecret;
import dev.floe.platform.manifest.ManifestParser;
import dev.floe.platform.manifest.ParsedManifest;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.PlanSettings;
import dev.floe.platform.plan.Planner;
import dev.floe.platform.runtime.RuntimeConfig;
import dev.floe.platform.runtime.RuntimeFacts;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Reads manifests and plans them for the runtime at hand. Blocks: the runtime is asked for facts.
 */
@ApplicationScoped
public class PlatformPlanner {
  private static final Logger LOG = Logger.getLogger(PlatformPlanner.class);
  private static final Set<String> OPEN = Set.of("local", "dev");

  private final BlueprintLibrary library;
  private final RuntimeFacts runtime;
  private final RuntimeConfig runtimeConfig;
  private final RolloutConfig config;

  PlatformPlanner(
      BlueprintLibrary library,
      RuntimeFacts runtime,
      RuntimeConfig runtimeConfig,
      RolloutConfig config) {
    this.library = library;
    this.runtime = runtime;
    this.runtimeConfig = runtimeConfig;
    this.config = config;
  }

  /** A manifest and its plan. */
  public record Planned(ParsedManifest manifest, Plan plan) {}

  /**
   * @param platform the name it is sent under, which the manifest must have too
   * @param text YAML or JSON
   * @throws FloeException naming everything that is wrong
   */
  public Planned plan(String platform, String text) {
    var environment =
        config.environment().orElse(runtime.name().equals("local") ? "local" : "prod");
    var parsed = new ManifestParser(library, OPEN.contains(environment)).parse(text);
    var name = parsed.manifest().metadata().name();
    if (!name.equals(platform)) {
      throw FloeException.invalid(
          "/metadata/name", "is '%s', but it is sent to platform '%s'".formatted(name, platform));
    }
    return RuntimeAnswers.of(() -> new Planned(parsed, plan(parsed, platform)));
  }

  private Plan plan(ParsedManifest parsed, String platform) {
    var settings =
        new PlanSettings(
            runtime.name(),
            runtimeConfig.imageRegistry(),
            null,
            runtime.facts(platform),
            runtime::serves,
            (component, port) -> runtime.port(platform, component, port));
    try {
      return new Planner(library, settings).plan(parsed);
    } catch (BlueprintException e) {
      // Every blueprint works with its defaults: it is this manifest that does not go with it.
      LOG.warnf(e, "The manifest of %s cannot be planned", platform);
      throw FloeException.invalid(
          "/plugins", "cannot be planned on %s: %s".formatted(runtime.name(), e.getMessage()));
    }
  }

  /** Secrets that stood in a manifest, by Secret and key. */
  static Map<String, Map<String, String>> secrets(ParsedManifest manifest) {
    var secrets = new TreeMap<String, Map<String, String>>();
    for (InlineSecret secret : manifest.secrets()) {
      secrets
          .computeIfAbsent(secret.secret(), name -> new TreeMap<>())
          .put(secret.key(), secret.value());
    }
    return secrets;
  }

  /** A warning as the journal has it. */
  static String words(FieldError warning) {
    return warning.line() == null
        ? warning.pointer() + ": " + warning.message()
        : "%s (line %d): %s".formatted(warning.pointer(), warning.line(), warning.message());
  }
}
