package dev.floe.platform.release;

import dev.floe.kit.problem.FloeException;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.PlanText;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The plan that runs, or is becoming what runs, of each platform. */
@ApplicationScoped
public class CurrentPlans {
  private final ReleaseJournal journal;

  CurrentPlans(ReleaseJournal journal) {
    this.journal = journal;
  }

  /** A release and its plan. */
  public record Current(StoredRelease release, Plan plan) {}

  /** Empty when there is no such platform, or nothing of it was ever rolled out. */
  public Uni<Optional<Current>> find(String platform) {
    return journal
        .find(platform)
        .chain(found ->
            found.isEmpty() || found.get().currentRelease() == 0
                ? Uni.createFrom().item(Optional.<Current>empty())
                : read(platform, found.get().currentRelease()).map(Optional::of));
  }

  /** The plan of the current release or, before there is one, of the newest; 404 without any. */
  public Uni<Current> get(String platform) {
    return journal
        .find(platform)
        .chain(found -> {
          var row = found.orElseThrow(() -> FloeException.notFound("Platform " + platform));
          return read(
              platform, row.currentRelease() > 0 ? row.currentRelease() : row.lastRelease());
        });
  }

  /**
   * The plan whose bindings jobs inherit. While a release is rolled out, and after one that failed,
   * that is the one before it: what it names exists.
   *
   * @return empty while no release of the platform has come so far; 404 where there is no platform
   */
  public Uni<Optional<Current>> bound(String platform) {
    return journal
        .find(platform)
        .chain(found -> {
          var row = found.orElseThrow(() -> FloeException.notFound("Platform " + platform));
          return row.boundRelease() == 0
              ? Uni.createFrom().item(Optional.<Current>empty())
              : read(platform, row.boundRelease()).map(Optional::of);
        });
  }

  /** Whether a release is still the one that runs, or is becoming it. */
  public Uni<Boolean> isCurrent(String platform, int release) {
    return journal
        .find(platform)
        .map(found -> found.filter(row -> row.currentRelease() == release).isPresent());
  }

  private Uni<Current> read(String platform, int number) {
    return journal
        .get(platform, number)
        .map(release -> new Current(release, PlanText.read(release.plan())));
  }
}
