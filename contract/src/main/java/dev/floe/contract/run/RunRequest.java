package dev.floe.contract.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks to be run. Names become label values, so they follow Kubernetes' rules for
 * those: at most 63 of letters, digits, {@code -_.}, beginning and ending with a letter or digit.
 *
 * @param platform the platform whose bindings the job inherits
 * @param requires component kinds that must be ready first; absent: those whose bindings the job
 *     uses, never the orchestrator
 * @param domain owner of the product; decides the namespace
 * @param product data product
 * @param pipeline pipeline of the product; absent: none
 * @param image container image; in local mode a name known to {@code floe local image list}
 * @param command entry point; absent: the image's own
 * @param args arguments of the command
 * @param env plain environment; names with the prefix {@code FLOE_} are floe's own
 * @param secretRefs environment from Secrets of the domain's namespace
 * @param resources limits of cpu and memory, as Kubernetes quantities
 * @param timeout longest time of one attempt; absent: 1 hour
 * @param runTimeout longest time of all attempts and the waiting between; absent: 24 hours
 * @param priority higher goes first, −1000 to 1000
 * @param labels further labels of the Job, without the {@code floe.dev/} prefix
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RunRequest(
    @NotBlank @Size(max = 63) @Pattern(regexp = DNS_LABEL, message = DNS_LABEL_MESSAGE)
        String platform,
    @Size(max = 20) @Nullable List<@NotBlank @Size(max = 63) String> requires,
    @NotBlank @Size(max = 63) @Pattern(regexp = DNS_LABEL, message = DNS_LABEL_MESSAGE)
        String domain,
    @NotBlank @Size(max = 63) @Pattern(regexp = LABEL_VALUE, message = LABEL_VALUE_MESSAGE)
        String product,
    @Size(max = 63) @Pattern(regexp = LABEL_VALUE, message = LABEL_VALUE_MESSAGE)
        @Nullable String pipeline,
    @NotNull RunKind kind,
    @NotBlank @Size(max = 500) String image,
    @Size(max = 100) @Nullable List<@NotNull @Size(max = 32_768) String> command,
    @Size(max = 200) @Nullable List<@NotNull @Size(max = 32_768) String> args,
    @Size(max = 200)
        @Nullable Map<@NotBlank @Size(max = 200) String, @NotNull @Size(max = 32_768) String> env,
    @Size(max = 50) @Nullable List<@Valid @NotNull SecretEnv> secretRefs,
    @Valid @Nullable Resources resources,
    @Nullable Duration timeout,
    @Nullable Duration runTimeout,
    @Valid @Nullable RetryPolicy retryPolicy,
    @Min(-1000) @Max(1000) @Nullable Integer priority,
    @Size(max = 20)
        @Nullable
            Map<
                @NotBlank @Size(max = 317) String,
                @NotNull @Size(max = 63)
                @Pattern(regexp = LABEL_VALUE_OR_EMPTY, message = LABEL_VALUE_MESSAGE) String>
            labels) {

  /** A DNS label (RFC 1123), as Kubernetes wants for namespaces. */
  public static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

  public static final String DNS_LABEL_MESSAGE =
      "write lower-case letters, digits and '-', beginning and ending with a letter or digit";

  /** A Kubernetes label value that is not empty. */
  public static final String LABEL_VALUE = "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";

  public static final String LABEL_VALUE_OR_EMPTY = "(" + LABEL_VALUE + ")?";

  public static final String LABEL_VALUE_MESSAGE =
      "write letters, digits, '-', '_' and '.', beginning and ending with a letter or digit";

  /**
   * One environment variable whose value stands in a Secret.
   *
   * @param name of the environment variable
   * @param secret name of the Secret in the domain's namespace
   * @param key key in it
   */
  public record SecretEnv(
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 253) String secret,
      @NotBlank @Size(max = 253) String key) {}

  /**
   * What one attempt may use.
   *
   * @param cpu Kubernetes quantity, for example {@code 500m}
   * @param memory Kubernetes quantity, for example {@code 512Mi}; the limit equals the request
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Resources(
      @Size(max = QUANTITY_MAX) @Pattern(regexp = QUANTITY, message = QUANTITY_MESSAGE)
          @Nullable String cpu,
      @Size(max = QUANTITY_MAX) @Pattern(regexp = QUANTITY, message = QUANTITY_MESSAGE)
          @Nullable String memory) {
    public static final int QUANTITY_MAX = 32;
    public static final String QUANTITY = "[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?";
    public static final String QUANTITY_MESSAGE =
        "write a Kubernetes quantity, for example 500m for cpu or 512Mi for memory";
  }
}
