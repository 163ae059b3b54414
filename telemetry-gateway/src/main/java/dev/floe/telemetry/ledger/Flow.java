package dev.floe.telemetry.ledger;

/** The count of one flow; each change keeps accepted = exported + queued + rejected + dropped. */
public final class Flow {
  private long accepted;
  private long exported;
  private long queued;
  private long rejected;
  private long dropped;

  Flow() {}

  /** A moment of a flow. */
  record Counts(long accepted, long exported, long queued, long rejected, long dropped) {}

  /** Items were acknowledged to their sender and wait. */
  synchronized void queue(long items) {
    accepted += items;
    queued += items;
  }

  /** Items were acknowledged to their sender and go nowhere. */
  synchronized void acceptAndDrop(long items) {
    accepted += items;
    dropped += items;
  }

  /** The backend answered: it took the ones and refused the others. */
  synchronized void deliver(long taken, long refused) {
    queued -= taken + refused;
    exported += taken;
    rejected += refused;
  }

  /** Items that waited were given up. */
  synchronized void drop(long items) {
    queued -= items;
    dropped += items;
  }

  synchronized Counts counts() {
    return new Counts(accepted, exported, queued, rejected, dropped);
  }
}
