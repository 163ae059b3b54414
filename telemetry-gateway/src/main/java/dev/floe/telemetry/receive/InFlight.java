package dev.floe.telemetry.receive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all requests under way may take together: what has arrived of them, what it
 * becomes when it is decompressed, and what is written to be queued.
 *
 * <p>The requests from one address take a share of it at most, so that nobody takes it from all
 * others: half of it, or what the largest request needs where that is more.
 */
@ApplicationScoped
class InFlight {
  /** A request is there three times at most: as it came, as one piece, and as it is queued. */
  static final int COPIES = 3;

  private final long limit;
  private final long limitPerAddress;
  private final Map<String, Share> shares = new HashMap<>();
  private long held;

  /** What the requests from one address hold; kept while that is more than nothing. */
  private static final class Share {
    private long held;
  }

  @Inject
  InFlight(ReceiveConfig config) {
    this(config.maxInFlightBytes().asLongValue(), config.maxRequestBytes().asLongValue());
  }

  /**
   * @param largest bytes of the largest request
   */
  InFlight(long limit, long largest) {
    this.limit = limit;
    this.limitPerAddress = Math.max(limit / 2, COPIES * largest);
  }

  /**
   * @return what one request of the gateway itself holds of it; nothing yet
   */
  Reservation open() {
    return new Reservation(this, null);
  }

  /**
   * @param address where the request comes from
   * @return what one request holds of it; nothing yet
   */
  Reservation open(String address) {
    return new Reservation(this, address);
  }

  /**
   * @param address where the request comes from, null for the gateway's own
   * @return false where there is too little left, of all or of the share of the address
   */
  synchronized boolean reserve(@Nullable String address, long bytes) {
    if (held + bytes > limit) {
      return false;
    }
    if (address != null && bytes > 0) {
      var share = shares.get(address);
      if ((share == null ? 0 : share.held) + bytes > limitPerAddress) {
        return false;
      }
      if (share == null) {
        share = new Share();
        shares.put(address, share);
      }
      share.held += bytes;
    }
    held += bytes;
    return true;
  }

  /** Gives back what was reserved for the same address. */
  synchronized void release(@Nullable String address, long bytes) {
    held -= bytes;
    var share = address == null ? null : shares.get(address);
    if (share != null) {
      share.held -= bytes;
      if (share.held <= 0) {
        shares.remove(address);
      }
    }
  }

  /**
   * @return bytes that requests under way hold
   */
  synchronized long held() {
    return held;
  }
}
