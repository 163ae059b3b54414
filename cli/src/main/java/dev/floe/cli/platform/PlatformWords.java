package dev.floe.cli.platform;

import dev.floe.cli.output.Table;
import dev.floe.cli.output.Terminal;
import dev.floe.contract.platform.BlueprintDetails;
import dev.floe.contract.platform.BlueprintSummary;
import dev.floe.contract.platform.JobRunDetails;
import dev.floe.contract.platform.PlatformDetails;
import dev.floe.contract.platform.PlatformDiff;
import dev.floe.contract.platform.PlatformDiff.ObjectChange;
import dev.floe.contract.platform.PlatformStatus;
import dev.floe.contract.platform.PlatformStatus.ComponentStatus;
import dev.floe.contract.platform.Release;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Platforms, releases and differences as lines and tables for people. */
final class PlatformWords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private PlatformWords() {}

  static List<String> status(PlatformStatus status, Terminal terminal) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s release %d %s, %s"
            .formatted(
                terminal.bold(status.platform()),
                status.release(),
                status.state(),
                status.ready() ? terminal.good("ready") : terminal.bad("not ready")));
    if (status.message() != null) {
      lines.add(status.message());
    }
    if (!status.components().isEmpty()) {
      lines.add("");
      lines.addAll(components(status).lines(terminal));
    }
    return lines;
  }

  static List<String> details(PlatformDetails details, Terminal terminal) {
    var lines = new ArrayList<>(status(details.status(), terminal));
    lines.add("");
    lines.add(
        details.boundRelease() == 0
            ? "Jobs inherit nothing yet: no release is complete."
            : "Jobs inherit from release %d: %s."
                .formatted(
                    details.boundRelease(),
                    details.variables().isEmpty()
                        ? "nothing"
                        : String.join(", ", details.variables())));
    if (!details.domains().isEmpty()) {
      lines.add("");
      var domains = new Table("domain", "namespace");
      details.domains().forEach(domain -> domains.row(domain.name(), domain.namespace()));
      lines.addAll(domains.lines(terminal));
    }
    if (!details.objects().isEmpty()) {
      lines.add("");
      var objects = new Table("object", "component", "release", "applied", "uid");
      for (var one : details.objects()) {
        objects.row(
            one.object(), one.component(), one.release(), TIME.format(one.appliedAt()), one.uid());
      }
      lines.addAll(objects.lines(terminal));
    }
    if (!details.warnings().isEmpty()) {
      lines.add("");
      details.warnings().forEach(warning -> lines.add(terminal.bad("Warning: ") + warning));
    }
    return lines;
  }

  static Table list(List<PlatformStatus> platforms) {
    var table = new Table("platform", "release", "state", "ready", "components");
    for (var status : platforms) {
      table.row(
          status.platform(),
          status.release(),
          status.state(),
          status.ready() ? "yes" : "no",
          status.components().stream()
              .map(ComponentStatus::name)
              .collect(Collectors.joining(", ")));
    }
    return table;
  }

  private static Table components(PlatformStatus status) {
    var table = new Table("component", "type", "version", "ready", "workloads", "url", "reason");
    for (var component : status.components()) {
      table.row(
          component.name(),
          component.type(),
          or(component.version()),
          component.ready() ? "yes" : component.available() ? "serves" : "no",
          component.workloads().stream()
              .map(work -> "%s %d/%d".formatted(work.name(), work.ready(), work.desired()))
              .collect(Collectors.joining(", ")),
          or(component.url()),
          component.message() == null
              ? component.reason()
              : component.reason() + ": " + component.message());
    }
    return table;
  }

  static Table blueprints(List<BlueprintSummary> blueprints) {
    var table = new Table("system", "version", "kinds", "requires", "runtimes", "from");
    for (var one : blueprints) {
      table.row(
          one.system(),
          one.version(),
          String.join(", ", one.kinds()),
          String.join(", ", one.requires()),
          String.join(", ", one.runtimes()),
          one.own() ? "own" : "floe");
    }
    return table;
  }

  static List<String> blueprint(BlueprintDetails blueprint, Terminal terminal) {
    var lines = new ArrayList<>(blueprints(List.of(blueprint.summary())).lines(terminal));
    if (!blueprint.images().isEmpty()) {
      lines.add("");
      var images = new Table("image", "repository");
      new TreeMap<>(blueprint.images()).forEach(images::row);
      lines.addAll(images.lines(terminal));
    }
    if (!blueprint.settings().isEmpty()) {
      lines.add("");
      var settings = new Table("config", "type", "required", "default", "meaning");
      for (var one : blueprint.settings()) {
        settings.row(
            one.name(),
            one.type(),
            one.required() ? "yes" : "no",
            one.fallback(),
            one.description());
      }
      lines.addAll(settings.lines(terminal));
    }
    return lines;
  }

  static Table releases(List<Release> releases) {
    var table = new Table("release", "state", "version", "created", "finished", "message");
    for (var release : releases) {
      table.row(
          release.number(),
          release.state(),
          or(release.version()),
          TIME.format(release.createdAt()),
          release.finishedAt() == null ? "" : TIME.format(release.finishedAt()),
          or(release.message()));
    }
    return table;
  }

  static Table jobs(List<JobRunDetails> jobs) {
    var table = new Table("component", "job", "result", "started", "finished", "last line");
    for (var job : jobs) {
      table.row(
          job.component(),
          job.job(),
          job.succeeded() ? "succeeded" : "failed",
          job.startedAt() == null ? "" : TIME.format(job.startedAt()),
          job.finishedAt() == null ? "" : TIME.format(job.finishedAt()),
          job.log().lines().reduce("", (before, line) -> line));
    }
    return table;
  }

  static List<String> diff(PlatformDiff diff, Terminal terminal) {
    var lines = new ArrayList<String>();
    if (diff.changes().isEmpty()) {
      lines.add("Nothing would change.");
    }
    for (var change : diff.changes()) {
      lines.add(object(change, terminal));
      for (var field : change.fields()) {
        lines.add("    " + field.pointer());
        if (field.before() != null) {
          field.before().lines().forEach(line -> lines.add(terminal.bad("      - " + line)));
        }
        if (field.after() != null) {
          field.after().lines().forEach(line -> lines.add(terminal.good("      + " + line)));
        }
      }
    }
    diff.warnings().forEach(warning -> lines.add(terminal.bad("Warning: ") + warning));
    return lines;
  }

  private static String object(ObjectChange change, Terminal terminal) {
    var text = "%s (%s)".formatted(change.object(), change.component());
    return switch (change.action()) {
      case CREATE -> terminal.good("+ " + text);
      case UPDATE -> "~ " + text;
      case DELETE -> terminal.bad("- " + text);
    };
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }
}
