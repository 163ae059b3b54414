package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the jobs of one domain inherit from a platform.
 *
 * @param release number of the release they come from
 * @param runtime {@code kubernetes} or {@code local}
 * @param namespace where the domain's jobs run
 * @param components every component, available or not
 * @param bindings environment of the jobs, by binding
 */
public record Bindings(
    String platform,
    int release,
    String runtime,
    String domain,
    String namespace,
    List<ComponentReadiness> components,
    List<Binding> bindings) {

  public Bindings {
    components = List.copyOf(components);
    bindings = List.copyOf(bindings);
  }

  /**
   * Whether one component can be used.
   *
   * @param name component, unique in the platform
   * @param kind what a run names in {@code requires}: orchestrator, compute, telemetry_backend, …
   * @param available whether it serves now, perhaps with an earlier configuration: during an
   *     upgrade, or after one that failed
   * @param reason UpperCamelCase; {@code Ready} when it is available and runs as the release says
   * @param observedAt when it was last seen, by the database's clock; null before the first time
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ComponentReadiness(
      String name,
      String kind,
      boolean available,
      String reason,
      @Nullable String message,
      @Nullable Instant observedAt) {}

  /**
   * What one component gives to jobs.
   *
   * @param name of the binding, for example {@code warehouse}
   * @param component that exports it
   */
  public record Binding(String name, String component, List<EnvVar> env) {
    public Binding {
      env = List.copyOf(env);
    }
  }

  /** An environment variable: either a value or a reference to a Secret of the namespace. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EnvVar(String name, @Nullable String value, @Nullable SecretKey secretRef) {
    public static EnvVar of(String name, String value) {
      return new EnvVar(name, value, null);
    }

    public static EnvVar secret(String name, String secret, String key) {
      return new EnvVar(name, null, new SecretKey(secret, key));
    }
  }

  /**
   * One key of a Secret.
   *
   * @param name of the Secret
   * @param key in it
   */
  public record SecretKey(String name, String key) {}
}
