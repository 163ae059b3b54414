package dev.floe.cli.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.contract.run.RunRequest;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The run request as JSON Schema 2020-12: its records, the constraints that requests are validated
 * by, and the words of {@link #MEANINGS}.
 */
final class RunSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What each key means, by the simple name of its record and its own. */
  static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("RunRequest.platform", "whose bindings the job inherits"),
          Map.entry(
              "RunRequest.requires",
              "kinds of components that must be available first; those whose bindings the job uses without it"),
          Map.entry("RunRequest.domain", "owner of the product; decides the namespace"),
          Map.entry("RunRequest.product", "the data product"),
          Map.entry("RunRequest.pipeline", "the pipeline of the product"),
          Map.entry("RunRequest.kind", "what the run does; decides what its exit codes mean"),
          Map.entry(
              "RunRequest.image",
              "the container image; on one machine a name of floe local image list"),
          Map.entry("RunRequest.command", "the entry point; that of the image without it"),
          Map.entry("RunRequest.args", "arguments of the command"),
          Map.entry(
              "RunRequest.env",
              "environment variables; names that begin with FLOE_ are floe's own"),
          Map.entry(
              "RunRequest.secretRefs",
              "environment variables from Secrets of the domain's namespace"),
          Map.entry("RunRequest.resources", "what one attempt may use"),
          Map.entry("RunRequest.timeout", "longest time of one attempt; PT1H without it"),
          Map.entry(
              "RunRequest.runTimeout",
              "longest time of all attempts and the waiting between; PT24H without it"),
          Map.entry("RunRequest.retryPolicy", "when a failed attempt is followed by another"),
          Map.entry("RunRequest.priority", "higher goes first; 0 without it"),
          Map.entry("RunRequest.labels", "further labels of the Job, without the prefix floe.dev/"),
          Map.entry("SecretEnv.name", "the environment variable"),
          Map.entry("SecretEnv.secret", "Secret in the domain's namespace"),
          Map.entry("SecretEnv.key", "key of the Secret"),
          Map.entry("Resources.cpu", "in cores, for example 500m"),
          Map.entry(
              "Resources.memory", "in bytes, for example 512Mi; the limit equals the request"),
          Map.entry(
              "RetryPolicy.maxAttempts",
              "attempts by category of verdict, the first included; APPLICATION 1, INFRASTRUCTURE 3, CONFIGURATION 1 without it"),
          Map.entry("RetryPolicy.backoff", "delay before the next attempt"),
          Map.entry("RetryPolicy.rules", "exceptions; the first that matches decides"),
          Map.entry("Backoff.initial", "before the second attempt"),
          Map.entry("Backoff.multiplier", "by which each delay is longer than the one before"),
          Map.entry("Backoff.max", "longest delay"),
          Map.entry("Backoff.jitter", "random part of the delay, from 0 to 1"),
          Map.entry("Rule.exitCodes", "matches an ending with one of these"),
          Map.entry("Rule.reasons", "matches an ending with one of these"),
          Map.entry("Rule.action", "what follows"),
          Map.entry(
              "Rule.memoryFactor", "for RETRY_WITH_MEMORY: times the memory of the last attempt"),
          Map.entry("Rule.memoryMax", "for RETRY_WITH_MEMORY: a quantity that is not exceeded"));

  private RunSchema() {}

  static ObjectNode schema() {
    var schema =
        JSON.createObjectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("$id", "https://floe.dev/schemas/run.schema.json")
            .put("title", "floe run")
            .put("description", "A run: what job-launcher launches, follows and retries.");
    schema.setAll(object(RunRequest.class));
    return schema;
  }

  private static ObjectNode object(Class<?> type) {
    var schema = JSON.createObjectNode().put("type", "object");
    var properties = schema.putObject("properties");
    var required = JSON.createArrayNode();
    for (var component : type.getRecordComponents()) {
      var property = value(component.getAnnotatedType());
      property.put(
          "description",
          Objects.requireNonNull(
              MEANINGS.get(type.getSimpleName() + "." + component.getName()), component::toString));
      properties.set(component.getName(), property);
      if (isRequired(component)) {
        required.add(component.getName());
      } else {
        var plain = property.path("type").asText();
        property.putArray("type").add(plain).add("null");
        if (property.has("enum")) {
          property.withArray("enum").addNull();
        }
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private static boolean isRequired(RecordComponent component) {
    var type = component.getAnnotatedType();
    return type.isAnnotationPresent(NotNull.class) || type.isAnnotationPresent(NotBlank.class);
  }

  private static ObjectNode value(AnnotatedType annotated) {
    return annotated instanceof AnnotatedParameterizedType several
        ? several(several)
        : single(annotated, (Class<?>) annotated.getType());
  }

  /** A list or a map. */
  private static ObjectNode several(AnnotatedParameterizedType annotated) {
    var parts = annotated.getAnnotatedActualTypeArguments();
    var schema = JSON.createObjectNode();
    if (parts.length == 1) {
      schema.put("type", "array");
      size(annotated, size -> schema.put("maxItems", size.max()));
      schema.set("items", digits(value(parts[0])));
      return schema;
    }
    schema.put("type", "object");
    size(annotated, size -> schema.put("maxProperties", size.max()));
    var key = value(parts[0]);
    key.remove("type");
    schema.set("propertyNames", key);
    schema.set("additionalProperties", digits(value(parts[1])));
    return schema;
  }

  private static ObjectNode single(AnnotatedType annotated, Class<?> type) {
    if (type.isRecord()) {
      return object(type);
    }
    if (type.isEnum()) {
      var schema = JSON.createObjectNode().put("type", "string");
      for (var constant : type.getEnumConstants()) {
        schema.withArray("enum").add(JSON.valueToTree(constant));
      }
      return schema;
    }
    return type == String.class ? text(annotated) : scalar(annotated, type);
  }

  private static ObjectNode text(AnnotatedType type) {
    var schema = JSON.createObjectNode().put("type", "string");
    if (type.isAnnotationPresent(NotBlank.class)) {
      schema.put("minLength", 1);
    }
    size(type, size -> schema.put("maxLength", size.max()));
    annotation(type, Pattern.class)
        .ifPresent(pattern -> schema.put("pattern", "^(?:" + pattern.regexp() + ")$"));
    return schema;
  }

  private static ObjectNode scalar(AnnotatedType annotated, Class<?> type) {
    if (type == Duration.class) {
      return JSON.createObjectNode().put("type", "string").put("format", "duration");
    }
    boolean whole = type == Integer.class;
    var schema = JSON.createObjectNode().put("type", whole ? "integer" : "number");
    annotation(annotated, Min.class).ifPresent(min -> schema.put("minimum", min.value()));
    annotation(annotated, Max.class).ifPresent(max -> schema.put("maximum", max.value()));
    annotation(annotated, DecimalMin.class)
        .ifPresent(min -> schema.put("minimum", new BigDecimal(min.value())));
    annotation(annotated, DecimalMax.class)
        .ifPresent(max -> schema.put("maximum", new BigDecimal(max.value())));
    return schema;
  }

  /** In lists and maps a whole number is taken as its digits. */
  private static ObjectNode digits(ObjectNode schema) {
    if (schema.path("type").asText().equals("string") && !schema.has("enum")) {
      schema.putArray("type").add("string").add("integer");
    }
    return schema;
  }

  private static void size(AnnotatedType type, java.util.function.Consumer<Size> bound) {
    annotation(type, Size.class).ifPresent(bound);
  }

  private static <A extends Annotation> Optional<A> annotation(
      AnnotatedType type, Class<A> wanted) {
    return Optional.ofNullable(type.getAnnotation(wanted));
  }
}
