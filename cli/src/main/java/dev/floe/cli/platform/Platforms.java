package dev.floe.cli.platform;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.rest.EventStream;
import dev.floe.cli.rest.Query;
import dev.floe.cli.rest.RestClient;
import dev.floe.cli.rest.RestClient.Body;
import dev.floe.cli.rest.ServiceName;
import dev.floe.contract.Page;
import dev.floe.contract.platform.BlueprintDetails;
import dev.floe.contract.platform.BlueprintFiles;
import dev.floe.contract.platform.BlueprintProblems;
import dev.floe.contract.platform.BlueprintSummary;
import dev.floe.contract.platform.JobRunDetails;
import dev.floe.contract.platform.PlatformDetails;
import dev.floe.contract.platform.PlatformDiff;
import dev.floe.contract.platform.PlatformStatus;
import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseEvent;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The routes of platform-manager. */
public final class Platforms {
  private static final int ALL = 500;

  private final RestClient client;

  public Platforms(Session session) {
    this.client = session.client(ServiceName.PLATFORM_MANAGER);
  }

  /**
   * Deploys a manifest: a new release, or the one under way where it is equal.
   *
   * @param component the only component that is changed; null for all
   * @param takeOver whether objects and fields that others manage are taken over
   * @param busy what happens while another release is under way
   */
  public Release deploy(
      ManifestFile manifest, @Nullable String component, boolean takeOver, IfBusy busy) {
    return client.put(
        Query.of("platforms", manifest.platform())
            .with("component", component)
            .with("takeOver", takeOver ? true : null)
            .with("ifBusy", busy == IfBusy.REPLACE ? null : busy.word()),
        Body.yaml(manifest.source()),
        Release.class);
  }

  /** Asks for the end of a release. */
  Release abort(String platform, int number) {
    return client.post(
        Query.of("platforms", platform, "releases", String.valueOf(number), "abort"),
        null,
        null,
        Release.class);
  }

  /**
   * What a deploy of the manifest would change.
   *
   * @param component the only component that would be changed; null for all
   */
  public PlatformDiff diff(ManifestFile manifest, @Nullable String component) {
    return client.post(
        Query.of("platforms", manifest.platform(), "diff").with("component", component),
        Body.yaml(manifest.source()),
        null,
        PlatformDiff.class);
  }

  /** The objects that a deploy of the manifest would apply, as YAML. */
  String render(ManifestFile manifest) {
    return client.post(
        Query.of("platforms", manifest.platform(), "render"),
        Body.yaml(manifest.source()),
        "application/yaml");
  }

  public List<PlatformStatus> list() {
    return client.list(Query.of("platforms"), new TypeReference<Page<PlatformStatus>>() {}, ALL);
  }

  public PlatformStatus status(String platform) {
    return client.get(Query.of("platforms", platform, "status"), PlatformStatus.class);
  }

  List<BlueprintSummary> blueprints() {
    return client.list(Query.of("blueprints"), new TypeReference<Page<BlueprintSummary>>() {}, ALL);
  }

  BlueprintDetails blueprint(String system) {
    return client.get(Query.of("blueprints", system), BlueprintDetails.class);
  }

  /** What is wrong with a folder of blueprints. */
  BlueprintProblems validate(Map<String, String> files) {
    return client.post(
        Query.of("blueprints", "validate"),
        Body.json(new BlueprintFiles(files)),
        null,
        BlueprintProblems.class);
  }

  PlatformDetails details(String platform) {
    return client.get(Query.of("platforms", platform, "details"), PlatformDetails.class);
  }

  List<Release> releases(String platform, int max) {
    return client.list(
        Query.of("platforms", platform, "releases"), new TypeReference<Page<Release>>() {}, max);
  }

  /** Jobs that components ran once and that ended while a release was rolled out. */
  List<JobRunDetails> jobs(String platform, int release) {
    return client.list(
        Query.of("platforms", platform, "releases", String.valueOf(release), "jobs"),
        new TypeReference<Page<JobRunDetails>>() {},
        ALL);
  }

  public Release release(String platform, int number) {
    return client.get(
        Query.of("platforms", platform, "releases", String.valueOf(number)), Release.class);
  }

  public EventStream<ReleaseEvent> events(String platform, int release) {
    return new EventStream<>(
        client,
        Query.of("platforms", platform, "releases", String.valueOf(release), "events"),
        ReleaseEvent.class);
  }

  InputStream log(
      String platform, String component, boolean follow, boolean previous, @Nullable Integer tail) {
    return client
        .open(
            Query.of("platforms", platform, "components", component, "logs")
                .with("follow", follow ? true : null)
                .with("previous", previous ? true : null)
                .with("tail", tail),
            "text/plain",
            null)
        .body();
  }

  /**
   * Has the platform's services removed; its data stays.
   *
   * @return the release that removes them; empty where they are removed already
   */
  Optional<Release> destroy(String platform) {
    return client.delete(Query.of("platforms", platform), Release.class);
  }

  /** The platform that is meant where the user named none: the only one there is. */
  String nameOr(@Nullable String named) {
    if (named != null) {
      return named;
    }
    var platforms = list();
    if (platforms.size() == 1) {
      return platforms.getFirst().platform();
    }
    if (platforms.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, "There is no platform yet.", "floe platform deploy -f MANIFEST");
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "There are several platforms: %s."
            .formatted(
                platforms.stream().map(PlatformStatus::platform).collect(Collectors.joining(", "))),
        "name one of them: --platform " + platforms.getFirst().platform());
  }
}
