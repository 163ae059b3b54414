package dev.floe.cli.context;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where the services are and how to sign in; never holds a token itself, only where it stands. */
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    include = JsonTypeInfo.As.EXISTING_PROPERTY,
    property = "kind")
@JsonPropertyOrder({"kind", "name"})
@JsonSubTypes({
  @JsonSubTypes.Type(value = Context.Local.class, name = "local"),
  @JsonSubTypes.Type(value = Context.Urls.class, name = "urls"),
  @JsonSubTypes.Type(value = Context.Cluster.class, name = "kubernetes"),
})
public sealed interface Context {
  /** Name of the context that is always there. */
  String LOCAL = "local";

  /** Which of the kinds it is, as files and results name it. */
  @JsonProperty("kind")
  default String kind() {
    return switch (this) {
      case Local ignored -> "local";
      case Urls ignored -> "urls";
      case Cluster ignored -> "kubernetes";
    };
  }

  String name();

  /** A few words on where it leads. */
  String leadsTo();

  /** What {@code floe local up} started on this machine. */
  record Local(String name) implements Context {
    @Override
    public String leadsTo() {
      return "this machine";
    }
  }

  /** Services behind URLs. */
  record Urls(
      String name, URI platformManager, URI jobLauncher, URI telemetryGateway, String tokenFile)
      implements Context {
    @Override
    public String leadsTo() {
      return platformManager.toString();
    }
  }

  /**
   * Services in a cluster, reached by port-forwards.
   *
   * @param kubeconfig absent: KUBECONFIG, then ~/.kube/config
   * @param kubeContext absent: the kubeconfig's current one
   * @param namespace of the suite
   * @param tokenFile absent: the Secret {@code floe-token} of the namespace is read
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Cluster(
      String name,
      @Nullable String kubeconfig,
      @Nullable String kubeContext,
      String namespace,
      @Nullable String tokenFile)
      implements Context {
    @Override
    public String leadsTo() {
      return "namespace %s of %s"
          .formatted(namespace, kubeContext == null ? "the current cluster" : kubeContext);
    }
  }
}
