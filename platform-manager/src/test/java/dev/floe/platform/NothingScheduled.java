package dev.floe.platform;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * For tests that do what schedules do. Pausing the scheduler is not enough: a round that has begun
 * continues.
 */
public final class NothingScheduled implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("quarkus.scheduler.enabled", "false");
  }
}
