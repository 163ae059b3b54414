package dev.floe.platform.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.Bindings.Binding;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything a release makes, without the value of any secret.
 *
 * @param runtime {@code kubernetes} or {@code local}
 * @param namespace of the platform's own objects and Secrets
 * @param components in the order of their waves
 * @param inlineSecrets names of Secrets that hold what stood in the manifest
 * @param takeOver whether objects and fields that others manage are taken over
 */
@RegisterForReflection
public record Plan(
    String platform,
    String runtime,
    String namespace,
    List<PlannedComponent> components,
    List<PlannedDomain> domains,
    List<String> inlineSecrets,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean takeOver) {
  public Plan {
    components = List.copyOf(components);
    domains = List.copyOf(domains);
    inlineSecrets = List.copyOf(inlineSecrets);
  }

  /** One that takes nothing over. */
  public Plan(
      String platform,
      String runtime,
      String namespace,
      List<PlannedComponent> components,
      List<PlannedDomain> domains,
      List<String> inlineSecrets) {
    this(platform, runtime, namespace, components, domains, inlineSecrets, false);
  }

  /** The same plan, for objects and fields that others manage too. */
  public Plan takingOver() {
    return new Plan(platform, runtime, namespace, components, domains, inlineSecrets, true);
  }

  /** Keys of all objects, in a set of the caller's. */
  public Set<ObjectKey> keys() {
    return components.stream()
        .flatMap(component -> component.objects().stream())
        .map(ObjectKey::of)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** How many waves there are. */
  @JsonIgnore
  public int waves() {
    return components.stream().mapToInt(PlannedComponent::wave).max().orElse(0);
  }

  /** The components of one wave, from 1. */
  public List<PlannedComponent> wave(int wave) {
    return components.stream().filter(component -> component.wave() == wave).toList();
  }

  /**
   * One component.
   *
   * @param name unique in the platform
   * @param kind the manifest's plugin key, or {@code support} for what another component needs
   * @param system its blueprint
   * @param wave in which it is started, from 1
   * @param objects complete, in the order of their creation
   * @param secrets that must be there before its objects
   * @param bindings what jobs inherit; Secrets by their names in the domains' namespaces
   * @param url where a person opens it
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PlannedComponent(
      String name,
      String kind,
      String system,
      String version,
      int wave,
      List<ObjectNode> objects,
      List<PlannedSecret> secrets,
      List<Binding> bindings,
      @Nullable String url) {
    public PlannedComponent {
      objects = List.copyOf(objects);
      secrets = List.copyOf(secrets);
      bindings = List.copyOf(bindings);
    }
  }

  /**
   * A Secret of the platform's namespace. What is generated is generated once and kept for ever.
   *
   * @param generate length of the random value, by key
   * @param values plain values, by key
   * @param from a Secret elsewhere that is copied and kept current
   * @param firstLine whether only the first line of each value is copied
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record PlannedSecret(
      String name,
      Map<String, Integer> generate,
      Map<String, String> values,
      @Nullable SecretName from,
      boolean firstLine) {
    public PlannedSecret {
      generate = generate == null ? Map.of() : Map.copyOf(generate);
      values = values == null ? Map.of() : Map.copyOf(values);
    }
  }

  /** A Secret anywhere. */
  @RegisterForReflection
  public record SecretName(String namespace, String name) {}

  /**
   * A domain that may run jobs on the platform.
   *
   * @param secrets copied into its namespace and kept current
   */
  @RegisterForReflection
  public record PlannedDomain(String name, String namespace, List<SecretCopy> secrets) {
    public PlannedDomain {
      secrets = List.copyOf(secrets);
    }
  }

  /**
   * A Secret of the platform's namespace and what it is called in a domain's.
   *
   * @param source name in the platform's namespace
   * @param name in the domain's namespace
   */
  @RegisterForReflection
  public record SecretCopy(String source, String name) {}
}
