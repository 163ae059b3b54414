package dev.floe.launcher.run;

import dev.floe.contract.run.RunState;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a list holds.
 *
 * @param before only runs with a smaller id, that is, older ones
 * @param updatedSince only runs that changed at or after this time
 */
record RunFilter(
    @Nullable RunState state,
    @Nullable String domain,
    @Nullable String product,
    @Nullable String pipeline,
    @Nullable String platform,
    @Nullable Instant updatedSince,
    @Nullable String before) {

  /** Fields that must equal a value. */
  Map<String, Object> conditions() {
    var conditions = new TreeMap<String, Object>();
    put(conditions, "state", state);
    put(conditions, "domain", domain);
    put(conditions, "product", product);
    put(conditions, "pipeline", pipeline);
    put(conditions, "platform", platform);
    return conditions;
  }

  private static void put(Map<String, Object> conditions, String field, @Nullable Object value) {
    if (value != null) {
      conditions.put(field, value);
    }
  }
}
