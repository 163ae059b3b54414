package dev.floe.contract;

/** Names on Kubernetes objects and in environments, so that each is written once. */
public final class Names {
  private Names() {}

  /** Base path of every REST API. */
  public static final String API = "/api/v1";

  /**
   * Header that makes a create safe to repeat. At most {@value #IDEMPOTENCY_KEY_MAX} characters.
   */
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  public static final int IDEMPOTENCY_KEY_MAX = 255;

  /** Printable ASCII: HTTP headers carry no other characters unchanged. */
  public static final String IDEMPOTENCY_KEY_PATTERN = "[\\x20-\\x7e]+";

  public static final String IDEMPOTENCY_KEY_MESSAGE =
      "must have 1 to "
          + IDEMPOTENCY_KEY_MAX
          + " printable ASCII characters; other characters change on their way in a header";

  /** Value of {@link Labels#PART_OF} on everything floe makes. */
  public static final String FLOE = "floe";

  /** Labels of Kubernetes objects; the values obey the rules of label values (63 characters). */
  public static final class Labels {
    private Labels() {}

    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String PART_OF = "app.kubernetes.io/part-of";
    public static final String COMPONENT = "app.kubernetes.io/component";
    public static final String VERSION = "app.kubernetes.io/version";
    public static final String RUN = "floe.dev/run";
    public static final String ATTEMPT = "floe.dev/attempt";
    public static final String DOMAIN = "floe.dev/domain";
    public static final String PRODUCT = "floe.dev/product";
    public static final String PIPELINE = "floe.dev/pipeline";
    public static final String KIND = "floe.dev/kind";
    public static final String PLATFORM = "floe.dev/platform";
    public static final String PLATFORM_COMPONENT = "floe.dev/component";
    public static final String RELEASE = "floe.dev/release";
  }

  /** Annotations of Kubernetes objects. */
  public static final class Annotations {
    private Annotations() {}

    public static final String TRACEPARENT = "floe.dev/traceparent";
    public static final String EPOCH = "floe.dev/epoch";

    /** JSON pointers of fields that are left to whoever changes them, between commas. */
    public static final String YIELDS = "floe.dev/yields";
  }

  /** Field managers and values of {@link Labels#MANAGED_BY}. */
  public static final class Services {
    private Services() {}

    public static final String PLATFORM_MANAGER = "floe-platform-manager";
    public static final String JOB_LAUNCHER = "floe-job-launcher";
    public static final String TELEMETRY_GATEWAY = "floe-telemetry-gateway";
  }

  /** Environment that every job gets. */
  public static final class Env {
    private Env() {}

    public static final String RUN_ID = "FLOE_RUN_ID";
    public static final String ATTEMPT = "FLOE_ATTEMPT";
    public static final String DOMAIN = "FLOE_DOMAIN";
    public static final String PRODUCT = "FLOE_PRODUCT";
    public static final String PLATFORM = "FLOE_PLATFORM";
    public static final String TRACEPARENT = "TRACEPARENT";
    public static final String OTEL_RESOURCE_ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";
    public static final String OTEL_SERVICE_NAME = "OTEL_SERVICE_NAME";
    public static final String OTEL_EXPORTER_OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public static final String OTEL_EXPORTER_OTLP_PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
    public static final String OTEL_EXPORTER_OTLP_HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  }

  /** OpenTelemetry resource attributes that say who sent something. */
  public static final class Resource {
    private Resource() {}

    public static final String DOMAIN = "floe.domain";
    public static final String PRODUCT = "floe.product";
    public static final String PIPELINE = "floe.pipeline";
    public static final String RUN_ID = "floe.run.id";
    public static final String ATTEMPT = "floe.attempt";
  }
}
