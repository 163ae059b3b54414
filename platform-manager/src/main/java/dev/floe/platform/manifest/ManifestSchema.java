package dev.floe.platform.manifest;

import dev.floe.contract.platform.Manifest;
import dev.floe.platform.manifest.Shape.Anything;
import dev.floe.platform.manifest.Shape.Named;
import dev.floe.platform.manifest.Shape.OneOf;
import dev.floe.platform.manifest.Shape.TextOr;
import dev.floe.platform.manifest.Shape.Truth;
import dev.floe.platform.manifest.Shape.Unused;
import dev.floe.platform.manifest.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a manifest may hold. */
final class ManifestSchema {
  private ManifestSchema() {}

  /** Longest name of a platform: namespaces and label values are made of it. */
  static final int NAME_MAX = 50;

  private static final String KEPT = "kept, but no part of what is deployed";
  private static final String LATER = "kept, but not used yet";

  /**
   * Kinds of plugins, each with systems that floe's manifests may name although floe does not run
   * them: they run elsewhere, or inside jobs.
   */
  static final Map<String, Set<String>> KINDS = kinds();

  private static Map<String, Set<String>> kinds() {
    var kinds = new LinkedHashMap<String, Set<String>>();
    kinds.put("compute", Set.of("duckdb", "snowflake", "spark", "bigquery", "databricks"));
    kinds.put("orchestrator", Set.of("airflow", "prefect"));
    kinds.put("catalog", Set.of("polaris", "glue", "hive"));
    kinds.put("storage", Set.of("s3", "gcs", "azure-blob", "minio"));
    kinds.put("semantic_layer", Set.of("cube", "dbt-semantic-layer"));
    kinds.put("ingestion", Set.of("dlt", "airbyte"));
    kinds.put("secrets", Set.of("k8s-secrets", "eso", "vault"));
    kinds.put("telemetry_backend", Set.of("console", "jaeger", "datadog", "grafana-cloud"));
    kinds.put("lineage_backend", Set.of("marquez", "atlan", "openmetadata"));
    kinds.put("identity", Set.of("k8s-rbac", "custom"));
    kinds.put("dbt", Set.of("core", "fusion"));
    kinds.put("quality", Set.of("great_expectations", "soda", "dbt_expectations"));
    return Map.copyOf(kinds);
  }

  static Shape.Fields root() {
    var kept = new Unused(KEPT);
    var plugins = Shape.fields();
    for (var kind : KINDS.keySet().stream().sorted().toList()) {
      plugins = plugins.with(kind, kind.equals("quality") ? kept : new Anything());
    }
    return Shape.fields()
        .with("apiVersion", new OneOf(List.of(Manifest.API_VERSION)))
        .with("kind", new OneOf(List.of(Manifest.KIND)))
        .with("metadata", metadata())
        .with("scope", new OneOf(List.of("enterprise", "domain")))
        .with("parent_manifest", Shape.text())
        .with("plugins", plugins)
        .with("services", new Anything())
        .with("domains", new Named(Shape.label(63), domain()))
        .with("resource_presets", new Named(Shape.label(63), preset()))
        .with("artifacts", artifacts())
        .with("observability", kept)
        .with("governance", kept)
        .with("quality_gates", kept)
        .with("data_architecture", kept)
        .with("approved_plugins", kept)
        .with("approved_sinks", kept)
        .with("approved_products", kept)
        .with("defaults", kept)
        .requiring("apiVersion", "kind", "metadata", "plugins");
  }

  /** One plugin whose {@code config} looks like this. */
  static Shape.Fields plugin(Shape config) {
    return Shape.fields()
        .with("type", Shape.matching("[a-z0-9][-_a-z0-9]{0,62}", "the name of a system"))
        .with(
            "version", Shape.matching("[0-9][0-9A-Za-z.+-]{0,62}", "a version, for example 1.2.3"))
        .with("config", config)
        .with("connection_secret_ref", Shape.label(253))
        .requiring("type");
  }

  static Shape.Fields service() {
    var quantities =
        Shape.fields()
            .with("cpu", Shape.quantity())
            .with("memory", Shape.quantity())
            .with("ephemeral-storage", Shape.quantity());
    var later = new Unused(LATER);
    var name = Shape.matching("[A-Za-z_][A-Za-z0-9_]{0,254}", "letters, digits and underscores");
    return Shape.fields()
        .with("enabled", new Truth())
        .with("replicas", new Whole(0, 50))
        .with("resources", Shape.fields().with("requests", quantities).with("limits", quantities))
        .with("preset", Shape.label(63))
        .with("image", Shape.image())
        .with("env", new Named(name, new TextOr(Shape.text(), Shape.secretRef())))
        .with("autoscaling", later)
        .with("ingress", later)
        .with("strategy", later);
  }

  private static Shape metadata() {
    return Shape.fields()
        .with("name", Shape.label(NAME_MAX))
        .with("version", Shape.matching("\\d+\\.\\d+\\.\\d+", "a version like 1.2.3"))
        .with("owner", Shape.matching(".{1,200}", "an address or a team, at most 200 characters"))
        .with("description", Shape.matching("(?s).{0,500}", "at most 500 characters"))
        .requiring("name", "version");
  }

  private static Shape domain() {
    return Shape.fields().with("namespace", Shape.label(63));
  }

  private static Shape preset() {
    return Shape.fields()
        .with("cpu_request", Shape.quantity())
        .with("cpu_limit", Shape.quantity())
        .with("memory_request", Shape.quantity())
        .with("memory_limit", Shape.quantity());
  }

  private static Shape artifacts() {
    var kept = new Unused(KEPT);
    var uri =
        Shape.matching(
            "oci://[a-z0-9][a-zA-Z0-9._:/-]{0,250}",
            "oci://host/path, for example oci://r.example.com/floe");
    return Shape.fields()
        .with(
            "registry",
            Shape.fields()
                .with("uri", uri)
                .with("auth", kept)
                .with("signing", kept)
                .with("resilience", kept)
                .with("cache", kept)
                .with("tls_verify", kept))
        .with("promotion", kept);
  }
}
