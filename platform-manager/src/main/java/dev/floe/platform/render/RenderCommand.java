package dev.floe.platform.render;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.floe.kit.problem.FloeException;
import dev.floe.platform.blueprint.BlueprintLibrary;
import dev.floe.platform.manifest.ManifestParser;
import dev.floe.platform.plan.PlanSettings;
import dev.floe.platform.plan.Planner;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a manifest means on Kubernetes, without a server: {@code RenderCommand MANIFEST
 * [--namespace NAMESPACE] [--registry REGISTRY]}.
 */
public final class RenderCommand {
  private static final String USAGE =
      "usage: RenderCommand MANIFEST [--namespace NAMESPACE] [--registry REGISTRY]";

  private RenderCommand() {}

  /** Exit codes: 0 printed, 1 the manifest is not valid, 2 wrong usage. */
  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) throws IOException {
    @Nullable Path manifest = null;
    @Nullable String namespace = null;
    var registry = "floe.local";
    for (int i = 0; i < arguments.length; i++) {
      boolean hasValue = i + 1 < arguments.length;
      switch (arguments[i]) {
        case "--namespace" -> namespace = hasValue ? arguments[++i] : null;
        case "--registry" -> registry = hasValue ? arguments[++i] : registry;
        default -> manifest = Path.of(arguments[i]);
      }
    }
    if (manifest == null || !Files.isReadable(manifest)) {
      System.err.println(USAGE);
      return 2;
    }
    try {
      var text = render(Files.readString(manifest), namespace, registry);
      new PrintStream(System.out, true, StandardCharsets.UTF_8).print(text);
      return 0;
    } catch (FloeException e) {
      System.err.println(manifest + ": " + e.getMessage());
      return 1;
    }
  }

  /** The objects of a manifest on Kubernetes; the suite is taken to be in namespace floe. */
  static String render(String manifest, @Nullable String namespace, String registry) {
    var library = BlueprintLibrary.load();
    var facts = JsonNodeFactory.instance.objectNode();
    facts
        .putObject("suite")
        .put("namespace", "floe")
        .put("jobLauncherUrl", "http://job-launcher.floe.svc:8080")
        .put("otlpEndpoint", "http://telemetry-gateway.floe.svc:4318");
    var settings =
        new PlanSettings(
            "kubernetes",
            registry,
            namespace,
            facts,
            kind -> true,
            (component, port) -> {
              throw new IllegalStateException("no blueprint asks for ports on Kubernetes");
            });
    var parsed = new ManifestParser(library, false).parse(manifest);
    return PlainManifests.of(new Planner(library, settings).plan(parsed));
  }
}
