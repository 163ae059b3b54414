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
public final class ManifestSchema {
  private ManifestSchema() {}

  /** Longest name of a platform: namespaces and label values are made of it. */
  static final int NAME_MAX = 50;

  private static final String KEPT = "kept, but no part of what is deployed";
  private static final String LATER = "kept, but not used yet";

  /**
   * A kind of plugin.
   *
   * @param meaning what such a system is for
   * @param elsewhere systems that run elsewhere, or inside jobs
   */
  record Kind(String meaning, Set<String> elsewhere) {}

  /**
   * Kinds of plugins, each with systems that floe's manifests may name although floe does not run
   * them: they run elsewhere, or inside jobs.
   */
  static final Map<String, Kind> KINDS = kinds();

  private static Map<String, Kind> kinds() {
    var kinds = new LinkedHashMap<String, Kind>();
    kinds.put(
        "compute",
        new Kind(
            "where the data stand and queries run",
            Set.of("duckdb", "snowflake", "spark", "bigquery", "databricks")));
    kinds.put("orchestrator", new Kind("what calls for jobs", Set.of("airflow", "prefect")));
    kinds.put("catalog", new Kind("the catalog of tables", Set.of("polaris", "glue", "hive")));
    kinds.put("storage", new Kind("the object store", Set.of("s3", "gcs", "azure-blob", "minio")));
    kinds.put(
        "semantic_layer",
        new Kind("metrics and their definitions", Set.of("cube", "dbt-semantic-layer")));
    kinds.put("ingestion", new Kind("what brings data in", Set.of("dlt", "airbyte")));
    kinds.put(
        "secrets", new Kind("where Secrets come from", Set.of("k8s-secrets", "eso", "vault")));
    kinds.put(
        "telemetry_backend",
        new Kind(
            "where jobs send telemetry", Set.of("console", "jaeger", "datadog", "grafana-cloud")));
    kinds.put(
        "lineage_backend",
        new Kind("where lineage is collected", Set.of("marquez", "atlan", "openmetadata")));
    kinds.put("identity", new Kind("who may do what", Set.of("k8s-rbac", "custom")));
    kinds.put("dbt", new Kind("how dbt is run", Set.of("core", "fusion")));
    kinds.put(
        "quality",
        new Kind("how data is checked", Set.of("great_expectations", "soda", "dbt_expectations")));
    return Map.copyOf(kinds);
  }

  /** Kinds of plugins. */
  public static Set<String> pluginKinds() {
    return KINDS.keySet();
  }

  static Shape.Fields root() {
    var kept = new Unused(KEPT);
    var plugins = Shape.fields();
    for (var kind : KINDS.keySet().stream().sorted().toList()) {
      var meaning = KINDS.getOrDefault(kind, new Kind("", Set.of())).meaning();
      plugins = plugins.with(kind, kind.equals("quality") ? kept : new Anything(), meaning);
    }
    return Shape.fields()
        .with("apiVersion", new OneOf(List.of(Manifest.API_VERSION)), "the format of the manifest")
        .with("kind", new OneOf(List.of(Manifest.KIND)), "what the document is")
        .with("metadata", metadata(), "the name of the platform, and whose it is")
        .with(
            "scope",
            new OneOf(List.of("enterprise", "domain")),
            "whether the manifest is one of the enterprise, or of a domain that has a parent_manifest")
        .with(
            "parent_manifest",
            Shape.text(),
            "the manifest of the enterprise; kept, but not inherited from yet")
        .with("plugins", plugins, "the systems of the platform, by what they are for")
        .with("services", new Anything(), "how the workloads of the systems run, by system")
        .with(
            "domains",
            new Named(Shape.label(63), domain()),
            "the domains whose jobs may run on the platform, by name")
        .with(
            "resource_presets",
            new Named(Shape.label(63), preset()),
            "resources to which services refer by name")
        .with("artifacts", artifacts(), "where artifacts are published")
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
        .with(
            "type",
            Shape.matching("[a-z0-9][-_a-z0-9]{0,62}", "the name of a system"),
            "the system")
        .with(
            "version",
            Shape.matching("[0-9][0-9A-Za-z.+-]{0,62}", "a version, for example 1.2.3"),
            "of the system; floe deploys the one that it was tested with")
        .with("config", config, "settings of the system")
        .with(
            "connection_secret_ref",
            Shape.label(253),
            "Secret with the credentials of a system that runs elsewhere")
        .requiring("type");
  }

  static Shape.Fields service() {
    var later = new Unused(LATER);
    return Shape.fields()
        .with("enabled", new Truth(), "whether the system is deployed")
        .with(
            "replicas",
            new Whole(0, 50),
            "replicas of the workload that can have several; without it they are left to whoever scales")
        .with("resources", resources(), "compute resources of each container")
        .with("preset", Shape.label(63), "a name of resource_presets, in place of resources")
        .with("image", Shape.image(), "another image than the one that floe chose")
        .with("env", env(), "further environment variables: text, or {secretRef: {name, key}}")
        .with(
            "workloads",
            new Named(Shape.label(63), workload()),
            "what holds for one workload alone, by the name that status shows; it goes before what holds for all")
        .with("autoscaling", later)
        .with("ingress", later)
        .with("strategy", later);
  }

  /** How one workload of a system is run. */
  static Shape.Fields workload() {
    return Shape.fields()
        .with("replicas", new Whole(0, 50), "without it they are left to whoever scales")
        .with("resources", resources(), "compute resources of each container")
        .with("preset", Shape.label(63), "a name of resource_presets, in place of resources")
        .with("env", env(), "further environment variables: text, or {secretRef: {name, key}}");
  }

  private static Shape resources() {
    var quantities =
        Shape.fields()
            .with("cpu", Shape.quantity(), "in cores, for example 500m")
            .with("memory", Shape.quantity(), "in bytes, for example 512Mi")
            .with("ephemeral-storage", Shape.quantity(), "in bytes, for example 1Gi");
    return Shape.fields()
        .with("requests", quantities, "what is reserved")
        .with("limits", quantities, "what may be used");
  }

  private static Shape env() {
    var name = Shape.matching("[A-Za-z_][A-Za-z0-9_]{0,254}", "letters, digits and underscores");
    return new Named(name, new TextOr(Shape.text(), Shape.secretRef()));
  }

  private static Shape metadata() {
    return Shape.fields()
        .with(
            "name",
            Shape.label(NAME_MAX),
            "unique in the installation; the namespace of the platform is floe-NAME")
        .with(
            "version",
            Shape.matching("\\d+\\.\\d+\\.\\d+", "a version like 1.2.3"),
            "of this manifest")
        .with(
            "owner",
            Shape.matching(".{1,200}", "an address or a team, at most 200 characters"),
            "whom to ask")
        .with(
            "description",
            Shape.matching("(?s).{0,500}", "at most 500 characters"),
            "what the platform is for")
        .requiring("name", "version");
  }

  private static Shape domain() {
    return Shape.fields()
        .with(
            "namespace",
            Shape.label(63),
            "in which its jobs run; the name of the domain without it");
  }

  private static Shape preset() {
    return Shape.fields()
        .with("cpu_request", Shape.quantity(), "reserved, in cores")
        .with("cpu_limit", Shape.quantity(), "at most, in cores")
        .with("memory_request", Shape.quantity(), "reserved, in bytes")
        .with("memory_limit", Shape.quantity(), "at most, in bytes");
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
                .with("uri", uri, "where artifacts are pushed")
                .with("auth", kept)
                .with("signing", kept)
                .with("resilience", kept)
                .with("cache", kept)
                .with("tls_verify", kept),
            "an OCI registry")
        .with("promotion", kept);
  }
}
