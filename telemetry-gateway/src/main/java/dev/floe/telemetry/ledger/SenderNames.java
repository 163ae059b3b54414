package dev.floe.telemetry.ledger;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gives senders names that are counted apart, and all those past a limit one name together. */
public final class SenderNames {
  /** Everyone past the limit. */
  public static final String OTHERS = "others";

  /** Those who do not say who they are. */
  public static final String UNKNOWN = "unknown";

  private static final int MAX_LENGTH = 160;

  private final int limit;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private SenderNames(int limit) {
    this.limit = limit;
  }

  /**
   * @param limit how many senders are counted apart
   */
  public static SenderNames upTo(int limit) {
    return new SenderNames(limit);
  }

  /**
   * @return {@code domain/product} where the product is known, else the service's name
   */
  public String name(
      @Nullable String domain, @Nullable String product, @Nullable String serviceName) {
    if (product != null) {
      return bounded(domain == null ? product : domain + "/" + product);
    }
    if (serviceName != null) {
      return bounded("service:" + serviceName);
    }
    return UNKNOWN;
  }

  private String bounded(String name) {
    var cut = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
    if (known.contains(cut)) {
      return cut;
    }
    // Two at once may pass the limit by a few; what counts is that it is bounded.
    if (known.size() >= limit) {
      return OTHERS;
    }
    known.add(cut);
    return cut;
  }
}
