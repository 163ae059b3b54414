package dev.floe.test;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The cluster that {@code KUBECONFIG} names, for {@code *KT} tests: register it as a static
 * extension. Namespaces made here go when the class has ended.
 */
public final class Cluster implements AfterAllCallback, AutoCloseable {
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final Deque<KubernetesClient> others = new ArrayDeque<>();
  private final Deque<String> namespaces = new ArrayDeque<>();

  private Cluster(Path kubeconfig, KubernetesClient client) {
    this.kubeconfig = kubeconfig;
    this.client = client;
  }

  /**
   * Connects as whoever the kubeconfig says.
   *
   * @throws IllegalStateException where {@code KUBECONFIG} is not set: a cluster is never guessed
   */
  public static Cluster connect() {
    var variable = System.getenv("KUBECONFIG");
    if (variable == null || variable.isBlank()) {
      throw new IllegalStateException(
          "KUBECONFIG is not set: tests of a cluster run on the one it names, and make and remove"
              + " namespaces there");
    }
    var path = Path.of(variable.split(File.pathSeparator, 2)[0]).toAbsolutePath();
    var config = Config.fromKubeconfig(path.toFile());
    return new Cluster(path, new KubernetesClientBuilder().withConfig(config).build());
  }

  /** The file that {@code KUBECONFIG} names. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A client with the kubeconfig's own rights. */
  public KubernetesClient client() {
    return client;
  }

  /**
   * Makes a namespace under Restricted Pod Security.
   *
   * @param purpose the beginning of its name, at most 50 characters
   */
  public synchronized String namespace(String purpose) {
    var name = "%s-%06x".formatted(purpose, ThreadLocalRandom.current().nextInt(1 << 24));
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(
                    Map.of(
                        "floe.dev/test",
                        purpose,
                        "pod-security.kubernetes.io/enforce",
                        "restricted"))
                .endMetadata()
                .build())
        .create();
    namespaces.push(name);
    return name;
  }

  /** Removes a namespace that something under test made, too, when the class has ended. */
  public synchronized void remove(String namespace) {
    namespaces.push(namespace);
  }

  /** Waits until namespaces that an earlier run left behind are gone, if they are going. */
  public void removed(String... going) {
    for (var name : going) {
      client
          .namespaces()
          .withName(name)
          .waitUntilCondition(
              namespace ->
                  namespace == null || !"Terminating".equals(namespace.getStatus().getPhase()),
              2,
              TimeUnit.MINUTES);
    }
  }

  /** A client with the rights of a service account, by a token that holds for an hour. */
  public synchronized KubernetesClient as(String namespace, String serviceAccount) {
    var token =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(serviceAccount)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    var admin = client.getConfiguration();
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(admin.getMasterUrl())
            .withCaCertData(admin.getCaCertData())
            .withCaCertFile(admin.getCaCertFile())
            .withTrustCerts(admin.isTrustCerts())
            .withOauthToken(token)
            .build();
    var other = new KubernetesClientBuilder().withConfig(config).build();
    others.push(other);
    return other;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public synchronized void close() {
    for (var namespace : namespaces) {
      client.namespaces().withName(namespace).delete();
    }
    namespaces.clear();
    others.forEach(KubernetesClient::close);
    others.clear();
    client.close();
  }
}
