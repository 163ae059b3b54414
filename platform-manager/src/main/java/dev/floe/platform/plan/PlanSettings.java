package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a plan depends on besides the manifest.
 *
 * @param runtime {@code kubernetes} or {@code local}
 * @param registry where images come from when the manifest names no registry
 * @param namespace of the platform's objects; null for the usual one
 * @param facts what blueprints may refer to besides the manifest: {@code suite}, {@code local}
 * @param kinds which kinds the cluster serves, as {@code group/version/Kind}
 * @param ports gives ports on this machine
 */
public record PlanSettings(
    String runtime,
    String registry,
    @Nullable String namespace,
    ObjectNode facts,
    Predicate<String> kinds,
    PortBook ports) {

  /** Ports that were given once stay given. */
  @FunctionalInterface
  public interface PortBook {
    /** The port of a component by the name its blueprint gives it. */
    int port(String component, String name);
  }
}
