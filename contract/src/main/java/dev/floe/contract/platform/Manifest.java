package dev.floe.contract.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a platform shall be: which systems it is made of, how large they are, which domains use it.
 * Sections that do not bear on deployment (governance, quality gates, …) are kept beside it in the
 * revision and are not modelled here.
 *
 * @param metadata name, version and owner
 * @param scope {@code enterprise}, or that of a domain; absent for a platform without inheritance
 * @param parentManifest where the enterprise manifest of a domain stands
 * @param plugins the system chosen for each kind: orchestrator, compute, telemetry_backend, …
 * @param services how each component is run, by component
 * @param domains who runs jobs on the platform, by domain
 * @param resourcePresets named sizes that services refer to
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Manifest(
    String apiVersion,
    String kind,
    Metadata metadata,
    @Nullable String scope,
    @JsonProperty("parent_manifest") @Nullable String parentManifest,
    Map<String, Plugin> plugins,
    Map<String, Service> services,
    Map<String, Domain> domains,
    @JsonProperty("resource_presets") Map<String, ResourcePreset> resourcePresets,
    @Nullable Artifacts artifacts) {

  /** The one version of the manifest that is read. */
  public static final String API_VERSION = "floe.dev/v1";

  /** The one kind of document that is read. */
  public static final String KIND = "Manifest";

  public Manifest {
    plugins = ordered(plugins);
    services = ordered(services);
    domains = ordered(domains);
    resourcePresets = ordered(resourcePresets);
  }

  /**
   * Who the platform is.
   *
   * @param name unique; part of Kubernetes names
   * @param version of the manifest, {@code major.minor.patch}
   * @param owner whom to ask
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Metadata(
      String name, String version, @Nullable String owner, @Nullable String description) {}

  /**
   * The system that fills a kind.
   *
   * @param type name of the system: {@code dagster}, {@code postgresql}, …
   * @param config settings of that system
   * @param connectionSecretRef name of a Secret with credentials of a system that floe does not run
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Plugin(
      @Nullable String type,
      @Nullable String version,
      Map<String, Object> config,
      @JsonProperty("connection_secret_ref") @Nullable String connectionSecretRef) {
    public Plugin {
      config = ordered(config);
    }
  }

  /**
   * How a component is run.
   *
   * @param enabled false leaves the component out
   * @param replicas of the workload that can have several
   * @param preset name of one of the manifest's {@code resource_presets}
   * @param image in place of the blueprint's
   * @param env added to the component's containers or processes: text, or a mapping {@code
   *     {secretRef: {name, key}}}
   * @param workloads what holds for one workload alone, by its name
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Service(
      @Nullable Boolean enabled,
      @Nullable Integer replicas,
      @Nullable Resources resources,
      @Nullable String preset,
      @Nullable String image,
      Map<String, Object> env,
      Map<String, Workload> workloads) {
    public Service {
      env = ordered(env);
      workloads = ordered(workloads);
    }
  }

  /** How one workload of a component is run, see {@link Service}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Workload(
      @Nullable Integer replicas,
      @Nullable Resources resources,
      @Nullable String preset,
      Map<String, Object> env) {
    public Workload {
      env = ordered(env);
    }
  }

  /** Requests and limits as Kubernetes quantities, by resource ({@code cpu}, {@code memory}). */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Resources(Map<String, String> requests, Map<String, String> limits) {
    public Resources {
      requests = ordered(requests);
      limits = ordered(limits);
    }
  }

  /** A named size. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResourcePreset(
      @JsonProperty("cpu_request") @Nullable String cpuRequest,
      @JsonProperty("cpu_limit") @Nullable String cpuLimit,
      @JsonProperty("memory_request") @Nullable String memoryRequest,
      @JsonProperty("memory_limit") @Nullable String memoryLimit) {}

  /**
   * A domain that runs jobs on the platform.
   *
   * @param namespace where its jobs run; the domain's name when absent
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Domain(@Nullable String namespace) {}

  /** Where images and artifacts of the platform come from. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Artifacts(@Nullable Registry registry) {}

  /**
   * An OCI registry.
   *
   * @param uri {@code oci://host/path}; the components' images are taken from there
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Registry(@Nullable String uri) {}

  private static <V> Map<String, V> ordered(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
