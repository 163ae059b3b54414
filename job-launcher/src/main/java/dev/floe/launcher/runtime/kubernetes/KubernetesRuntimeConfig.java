package dev.floe.launcher.runtime.kubernetes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the cluster's owner decides about every Job. */
@ConfigMapping(prefix = "floe.launcher.kubernetes")
public interface KubernetesRuntimeConfig {
  /** Names of the Secrets, in each domain's namespace, with which images are pulled. */
  Optional<List<String>> imagePullSecrets();

  /** When an image is pulled: IfNotPresent, Always or Never. */
  @WithDefault("IfNotPresent")
  String imagePullPolicy();

  /** Taints that the Jobs' pods tolerate, so that they can have nodes of their own. */
  List<Taint> tolerations();

  /** Service account of the Jobs' pods; none gets a token mounted. */
  Optional<String> serviceAccount();

  /** User id of the Jobs' processes; absent: the image's own, which must not be root. */
  Optional<Long> runAsUser();

  /** Limit of cpu where a run names none; absent: no limit. */
  Optional<String> defaultCpu();

  /** Limit of memory where a run names none; absent: no limit. */
  Optional<String> defaultMemory();

  /** Most bytes in the home folder and in the folder for temporary files, each. */
  @WithDefault("2Gi")
  String scratchSize();

  /** How long a process may take to end after it was told to. */
  @WithDefault("PT30S")
  Duration terminationGrace();

  /** A taint that is tolerated. */
  interface Taint {
    /** Key of the taint; absent: every key. */
    Optional<String> key();

    /** Value of the taint; absent: every value. */
    Optional<String> value();

    /** NoSchedule, PreferNoSchedule or NoExecute; absent: every effect. */
    Optional<String> effect();
  }
}
