package dev.floe.launcher.run;

import dev.floe.contract.Names;
import dev.floe.contract.problem.Problem.FieldError;
import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.VerdictCategory;
import dev.floe.contract.run.VerdictReason;
import dev.floe.launcher.retry.Quantity;
import dev.floe.launcher.retry.RetryDecider;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a run beyond what the fields' own constraints say. Pure. */
final class RunValidation {
  /** Reference grammar of the OCI distribution specification, without its length rules. */
  private static final Pattern IMAGE =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?::[0-9]+)?/)?"
              + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
              + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?");

  private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SECRET_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern SECRET_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
  private static final Pattern LABEL_NAME =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Set<String> OWN_ENV =
      Set.of(
          Names.Env.TRACEPARENT,
          Names.Env.OTEL_RESOURCE_ATTRIBUTES,
          Names.Env.OTEL_SERVICE_NAME,
          Names.Env.OTEL_EXPORTER_OTLP_ENDPOINT,
          Names.Env.OTEL_EXPORTER_OTLP_PROTOCOL,
          Names.Env.OTEL_EXPORTER_OTLP_HEADERS);
  private static final BigDecimal LEAST_MEMORY = BigDecimal.valueOf(4L << 20);

  /** More than any machine has; what is computed from it still fits into 64 bits. */
  private static final BigDecimal MOST_MEMORY = BigDecimal.valueOf(64L << 40);

  private static final BigDecimal MOST_CPU = BigDecimal.valueOf(10_000);
  private static final BigDecimal LEAST_CPU = new BigDecimal("0.001");

  private final RunRequest request;
  private final Duration maxTimeout;
  private final List<FieldError> errors = new ArrayList<>();

  private RunValidation(RunRequest request, Duration maxTimeout) {
    this.request = request;
    this.maxTimeout = maxTimeout;
  }

  /**
   * @param maxTimeout longest timeout that may be asked for
   * @return everything that is wrong; empty when nothing is
   */
  static List<FieldError> errors(RunRequest request, Duration maxTimeout) {
    var validation = new RunValidation(request, maxTimeout);
    validation.image();
    validation.environment();
    validation.labels();
    validation.resources();
    validation.timeouts();
    validation.retries();
    return List.copyOf(validation.errors);
  }

  private void wrong(String pointer, String message) {
    errors.add(FieldError.of(pointer, message));
  }

  private void image() {
    if (!IMAGE.matcher(request.image()).matches()) {
      wrong(
          "/image",
          "is not an image reference; write for example registry.example/team/product:1.2");
    }
  }

  private void environment() {
    var names = new HashSet<String>();
    if (request.env() != null) {
      for (var name : request.env().keySet()) {
        names.add(name);
        environmentName("/env/" + escape(name), name);
      }
    }
    if (request.secretRefs() == null) {
      return;
    }
    int index = 0;
    for (var ref : request.secretRefs()) {
      var at = "/secretRefs/" + index++;
      environmentName(at + "/name", ref.name());
      if (!names.add(ref.name())) {
        wrong(at + "/name", "'%s' is set twice".formatted(ref.name()));
      }
      if (!SECRET_NAME.matcher(ref.secret()).matches()) {
        wrong(at + "/secret", "is not a name of a Secret");
      }
      if (!SECRET_KEY.matcher(ref.key()).matches()) {
        wrong(at + "/key", "is not a key of a Secret");
      }
    }
  }

  private void environmentName(String pointer, String name) {
    if (!ENV_NAME.matcher(name).matches()) {
      wrong(pointer, "write letters, digits and '_', not beginning with a digit");
    } else if (name.startsWith("FLOE_") || OWN_ENV.contains(name)) {
      wrong(pointer, "'%s' is set by floe itself; choose another name".formatted(name));
    }
  }

  private void labels() {
    if (request.labels() == null) {
      return;
    }
    for (var name : request.labels().keySet()) {
      if (!LABEL_NAME.matcher(name).matches()) {
        wrong("/labels/" + escape(name), "is not a name of a Kubernetes label");
      } else if (name.startsWith("floe.dev/")
          || name.startsWith("app.kubernetes.io/")
          || name.contains("kubernetes.io/")
          || name.contains("k8s.io/")) {
        wrong("/labels/" + escape(name), "this prefix is floe's or Kubernetes' own");
      }
    }
  }

  private void resources() {
    var resources = request.resources();
    if (resources == null) {
      return;
    }
    var cpu = resources.cpu();
    if (cpu != null && !between(LEAST_CPU, Quantity.parse(cpu), MOST_CPU)) {
      wrong("/resources/cpu", "must be between 1m and 10000 (cores)");
    }
    if (resources.memory() != null) {
      memory("/resources/memory", resources.memory());
    }
  }

  private void memory(String pointer, String quantity) {
    var bytes = Quantity.parse(quantity);
    if (bytes.compareTo(LEAST_MEMORY) < 0) {
      wrong(pointer, "must be at least 4Mi; did you forget the unit?");
    } else if (bytes.compareTo(MOST_MEMORY) > 0) {
      wrong(pointer, "must be at most 64Ti; did you mistake the unit?");
    }
  }

  private static boolean between(BigDecimal least, BigDecimal value, BigDecimal most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  private void timeouts() {
    timeout("/timeout", request.timeout());
    timeout("/runTimeout", request.runTimeout());
  }

  private void timeout(String pointer, @Nullable Duration timeout) {
    if (timeout != null
        && (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(maxTimeout) > 0)) {
      wrong(pointer, "must be between PT1S and " + maxTimeout);
    }
  }

  private void retries() {
    var policy = request.retryPolicy();
    if (policy == null) {
      return;
    }
    var backoff = policy.backoff();
    if (backoff != null) {
      backoff("/retryPolicy/backoff/initial", backoff.initial());
      backoff("/retryPolicy/backoff/max", backoff.max());
    }
    if (policy.rules() == null) {
      return;
    }
    int index = 0;
    for (var rule : policy.rules()) {
      rule("/retryPolicy/rules/" + index++, rule);
    }
  }

  private void backoff(String pointer, @Nullable Duration delay) {
    if (delay != null && (delay.isNegative() || delay.compareTo(Duration.ofDays(1)) > 0)) {
      wrong(pointer, "must be between PT0S and PT24H");
    }
  }

  private void rule(String at, RetryPolicy.Rule rule) {
    var codes = rule.exitCodes();
    var reasons = rule.reasons();
    if ((codes == null || codes.isEmpty()) && (reasons == null || reasons.isEmpty())) {
      wrong(at, "give exitCodes or reasons");
    }
    var memory = rule.memoryMax();
    if (memory != null) {
      if (memory.length() > RunRequest.Resources.QUANTITY_MAX
          || !memory.matches(RunRequest.Resources.QUANTITY)) {
        wrong(at + "/memoryMax", RunRequest.Resources.QUANTITY_MESSAGE);
      } else {
        memory(at + "/memoryMax", memory);
      }
    }
    budget(at + "/action", rule);
    if (rule.action() == RetryPolicy.Action.RETRY_WITH_MEMORY
        && (request.resources() == null || request.resources().memory() == null)) {
      wrong(at + "/action", "RETRY_WITH_MEMORY needs /resources/memory to begin with");
    }
  }

  /** A rule that asks for another attempt needs a budget that allows one. */
  private void budget(String pointer, RetryPolicy.Rule rule) {
    var reasons = rule.reasons();
    var codes = rule.exitCodes();
    if (rule.action() == RetryPolicy.Action.FAIL
        || ((reasons == null || reasons.isEmpty()) && (codes == null || codes.isEmpty()))) {
      return;
    }
    // An exit code alone is the application's; every other reason comes with its own category.
    var categories =
        reasons == null || reasons.isEmpty()
            ? EnumSet.of(VerdictCategory.APPLICATION)
            : reasons.stream()
                .map(VerdictReason::category)
                .filter(category ->
                    category != VerdictCategory.SUCCESS && category != VerdictCategory.CANCELLED)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(VerdictCategory.class)));
    if (categories.stream()
        .noneMatch(category -> RetryDecider.allowed(request.retryPolicy(), category) > 1)) {
      wrong(
          pointer,
          categories.isEmpty()
              ? "never leads to another attempt: these reasons end no attempt that is retried"
              : "never leads to another attempt: one attempt is allowed; set"
                  + " /retryPolicy/maxAttempts/%s to 2 or more"
                      .formatted(categories.iterator().next()));
    }
  }

  private static String escape(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }
}
