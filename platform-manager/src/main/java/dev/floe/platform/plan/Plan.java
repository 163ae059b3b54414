package dev.floe.platform.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.platform.Bindings.Binding;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything a release makes, without the value of any secret.
 *
 * @param runtime {@code kubernetes} or {@code local}
 * @param namespace of the platform's own objects and Secrets
 * @param components each behind those that it needs
 * @param inlineSecrets names of Secrets that hold what stood in the manifest
 * @param leftOut objects that the cluster has no kind for, each a sentence
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
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> leftOut,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean takeOver) {
  public Plan {
    components = List.copyOf(components);
    domains = List.copyOf(domains);
    inlineSecrets = List.copyOf(inlineSecrets);
    leftOut = leftOut == null ? List.of() : List.copyOf(leftOut);
  }

  /** One that leaves nothing out and takes nothing over. */
  public Plan(
      String platform,
      String runtime,
      String namespace,
      List<PlannedComponent> components,
      List<PlannedDomain> domains,
      List<String> inlineSecrets) {
    this(platform, runtime, namespace, components, domains, inlineSecrets, List.of(), false);
  }

  /** The same plan, for objects and fields that others manage too. */
  public Plan takingOver() {
    return new Plan(
        platform, runtime, namespace, components, domains, inlineSecrets, leftOut, true);
  }

  /** Keys of all objects, in a set of the caller's. */
  public Set<ObjectKey> keys() {
    return components.stream()
        .flatMap(component -> component.objects().stream())
        .map(ObjectKey::of)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * One component.
   *
   * @param name unique in the platform
   * @param kind the manifest's plugin key, or {@code support} for what another component needs
   * @param system its blueprint
   * @param after names of the components that are ready before it is applied
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
      List<String> after,
      List<ObjectNode> objects,
      List<PlannedSecret> secrets,
      List<Binding> bindings,
      @Nullable String url) {
    public PlannedComponent {
      after = List.copyOf(after);
      objects = List.copyOf(objects);
      secrets = List.copyOf(secrets);
      bindings = List.copyOf(bindings);
    }

    /**
     * How many phases its objects are applied in: neighbouring Jobs are one phase, what stands
     * between them others. A component without objects has one that is empty.
     */
    public int phases() {
      return ends().size();
    }

    /**
     * The component with the objects of one phase alone.
     *
     * @param phase from 1
     */
    public PlannedComponent phase(int phase) {
      var ends = ends();
      return with(objects.subList(phase == 1 ? 0 : ends.get(phase - 2), ends.get(phase - 1)));
    }

    /**
     * The component with the objects of the first phases.
     *
     * @param phases how many
     */
    public PlannedComponent phasesUpTo(int phases) {
      return with(objects.subList(0, ends().get(phases - 1)));
    }

    /** The component without its Jobs: what stays when all has been rolled out. */
    public PlannedComponent lasting() {
      return with(objects.stream().filter(object -> !RunOnceJob.is(object)).toList());
    }

    /** Index of the object behind each phase. */
    private List<Integer> ends() {
      var ends = new ArrayList<Integer>();
      for (int i = 1; i < objects.size(); i++) {
        if (RunOnceJob.is(objects.get(i)) != RunOnceJob.is(objects.get(i - 1))) {
          ends.add(i);
        }
      }
      ends.add(objects.size());
      return ends;
    }

    private PlannedComponent with(List<ObjectNode> some) {
      return new PlannedComponent(name, kind, system, version, after, some, secrets, bindings, url);
    }
  }

  /**
   * A Secret of the platform's namespace. What is generated is generated once and kept for ever.
   *
   * @param generate length of the random value, by key
   * @param values plain values, by key
   * @param compose parts of values that are made of others, by key
   * @param from a Secret elsewhere that is copied and kept current
   * @param firstLine whether only the first line of each value is copied
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record PlannedSecret(
      String name,
      Map<String, Integer> generate,
      Map<String, String> values,
      Map<String, List<SecretPart>> compose,
      @Nullable SecretName from,
      boolean firstLine) {
    public PlannedSecret {
      generate = generate == null ? Map.of() : Map.copyOf(generate);
      values = values == null ? Map.of() : Map.copyOf(values);
      compose = compose == null ? Map.of() : Map.copyOf(compose);
    }

    /** One without composed values. */
    public PlannedSecret(
        String name,
        Map<String, Integer> generate,
        Map<String, String> values,
        @Nullable SecretName from,
        boolean firstLine) {
      this(name, generate, values, Map.of(), from, firstLine);
    }

    /**
     * The composed values, by key.
     *
     * @param all the other values of the Secret
     */
    public Map<String, String> composed(Map<String, String> all) {
      var composed = new HashMap<String, String>();
      compose.forEach((key, parts) ->
          composed.put(
              key,
              parts.stream()
                  .map(part -> part.key() == null ? part.text() : all.get(part.key()))
                  .map(text -> Objects.requireNonNullElse(text, ""))
                  .collect(Collectors.joining())));
      return composed;
    }
  }

  /**
   * A part of a composed value.
   *
   * @param text as it is; null where it is another value
   * @param key of another value of the same Secret
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SecretPart(@Nullable String text, @Nullable String key) {}

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
