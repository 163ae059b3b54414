package dev.floe.platform.runtime.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RuntimeConformance;
import dev.floe.platform.runtime.TestRuntimeConfig;
import dev.floe.test.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class KubernetesRuntimeConformanceKT extends RuntimeConformance {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Cluster cluster;

  @BeforeAll
  static void connect() {
    cluster = Cluster.connect();
  }

  @AfterAll
  static void leaveNothingBehind() {
    cluster.close();
  }

  @AfterEach
  void removeNamespace() {
    cluster.remove("floe-" + platform);
  }

  @Override
  @SuppressWarnings("NullAway") // nothing here emits Events
  protected PlatformRuntime runtime() {
    return new KubernetesPlatformRuntime(new TestRuntimeConfig(), () -> cluster.client(), null);
  }

  /** Without pods: what a workload needs for them is not the runtime's. */
  @Override
  protected ObjectNode workload(String namespace, String name) {
    var json =
        """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"name": "NAME", "namespace": "NAMESPACE",
                      "labels": {"app.kubernetes.io/name": "web",
                                 "app.kubernetes.io/managed-by": "floe-platform-manager",
                                 "floe.dev/platform": "PLATFORM"}},
         "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "NAME"}},
                  "template": {"metadata": {"labels": {"app": "NAME"}},
                               "spec": {"containers": [{"name": "main", "image": "none:1"}]}}}}
        """
            .replace("NAMESPACE", namespace)
            .replace("NAME", name)
            .replace("PLATFORM", platform);
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected @Nullable String secret(String namespace, String name, String key) {
    var secret = cluster.client().secrets().inNamespace(namespace).withName(name).get();
    return secret == null
        ? null
        : new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }
}
