package dev.floe.platform.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Where platforms run and what they find there. */
@ConfigMapping(prefix = "floe.platform.runtime")
public interface RuntimeConfig {
  /** Where images come from when a manifest names no registry. */
  @WithDefault("floe.local")
  String imageRegistry();

  /** Namespace of the suite itself, with its Secrets floe-token and floe-telemetry. */
  @WithDefault("floe")
  String suiteNamespace();

  /** ServiceAccount of job-launcher in the suite's namespace; it may run Jobs in each domain. */
  @WithDefault("job-launcher")
  String jobLauncherServiceAccount();

  /** ClusterRole that job-launcher gets in each domain's namespace. */
  @WithDefault("floe-job-launcher-domain")
  String jobLauncherClusterRole();

  /**
   * URL of job-launcher as components see it; on one machine the endpoints file says it when this
   * is absent.
   */
  Optional<String> jobLauncherUrl();

  /**
   * URL where telemetry-gateway receives OTLP over HTTP, as jobs and components see it; on one
   * machine the endpoints file says it when this is absent.
   */
  Optional<String> otlpEndpoint();

  /**
   * How long a workload may fail for one cause, for example an image that cannot be pulled, before
   * its release fails; also how long after an outage a refusal of the API server is repeated.
   */
  @WithDefault("PT1M")
  Duration failureGrace();
}
