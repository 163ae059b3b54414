package dev.floe.launcher.retry;

import dev.floe.contract.run.VerdictCategory;
import java.util.EnumMap;
import java.util.Map;

/** Attempts already used, per verdict category, the one that just ended included. */
public record AttemptBudget(Map<VerdictCategory, Integer> spent) {
  public static final AttemptBudget NONE = new AttemptBudget(Map.of());

  public AttemptBudget {
    spent = Map.copyOf(spent);
  }

  public int spent(VerdictCategory category) {
    return spent.getOrDefault(category, 0);
  }

  /** Every attempt used, whatever it ended with. */
  public int total() {
    return spent.values().stream().mapToInt(Integer::intValue).sum();
  }

  public AttemptBudget plus(VerdictCategory category) {
    var more = new EnumMap<VerdictCategory, Integer>(VerdictCategory.class);
    more.putAll(spent);
    more.merge(category, 1, Integer::sum);
    return new AttemptBudget(more);
  }
}
