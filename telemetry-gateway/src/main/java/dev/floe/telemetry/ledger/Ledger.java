package dev.floe.telemetry.ledger;

import dev.floe.contract.telemetry.TelemetryStatus;
import dev.floe.telemetry.wire.Signal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of every item, and of every request that was refused. */
@ApplicationScoped
public class Ledger {
  private final Instant since = Instant.now();
  private final SenderNames senders;
  private final Map<FlowKey, Flow> flows = new ConcurrentHashMap<>();
  private final Map<DropKey, LongAdder> drops = new ConcurrentHashMap<>();
  private final Map<RefusalReason, Refused> refusals = new ConcurrentHashMap<>();

  private record DropKey(String destination, Signal signal, DropReason reason) {}

  private record Refused(LongAdder requests, LongAdder items) {}

  @Inject
  Ledger(LedgerConfig config) {
    this(config.maxSenders());
  }

  private Ledger(int maxSenders) {
    this.senders = SenderNames.upTo(maxSenders);
  }

  /**
   * @return a ledger that counts so many senders apart
   */
  public static Ledger of(int maxSenders) {
    return new Ledger(maxSenders);
  }

  /**
   * @return when counting began
   */
  public Instant since() {
    return since;
  }

  /**
   * @return the names under which senders are counted
   */
  public SenderNames senders() {
    return senders;
  }

  /** Items were acknowledged to their sender and wait for a destination. */
  public void queued(FlowKey key, long items) {
    flow(key).queue(items);
  }

  /** Items were acknowledged to their sender and will not reach the destination. */
  public void acceptedAndDropped(FlowKey key, long items, DropReason reason) {
    flow(key).acceptAndDrop(items);
    count(key, items, reason);
  }

  /** A backend answered for items that waited. */
  public void delivered(FlowKey key, long taken, long refused) {
    flow(key).deliver(taken, refused);
  }

  /** Items that waited were given up. */
  public void dropped(FlowKey key, long items, DropReason reason) {
    flow(key).drop(items);
    count(key, items, reason);
  }

  /** A request was not accepted, and its sender was told. */
  public void refused(RefusalReason reason) {
    refusal(reason).requests().increment();
  }

  /** Some items of a request were not accepted, and its sender was told. */
  public void refusedItems(RefusalReason reason, long items) {
    refusal(reason).items().add(items);
  }

  /**
   * @return every flow, ordered by destination, signal and sender
   */
  public List<TelemetryStatus.Flow> flows() {
    return flows.entrySet().stream()
        .sorted(
            Map.Entry.comparingByKey(
                Comparator.comparing(FlowKey::destination)
                    .thenComparing(FlowKey::signal)
                    .thenComparing(FlowKey::sender)))
        .map(entry -> flow(entry.getKey(), entry.getValue().counts()))
        .toList();
  }

  /**
   * @return items of one destination and signal, of all senders
   */
  public TelemetryStatus.Flow total(String destination, Signal signal) {
    long accepted = 0;
    long exported = 0;
    long queued = 0;
    long rejected = 0;
    long dropped = 0;
    for (var entry : flows.entrySet()) {
      if (entry.getKey().signal() == signal && entry.getKey().destination().equals(destination)) {
        var counts = entry.getValue().counts();
        accepted += counts.accepted();
        exported += counts.exported();
        queued += counts.queued();
        rejected += counts.rejected();
        dropped += counts.dropped();
      }
    }
    return new TelemetryStatus.Flow(
        signal.label(), "", destination, accepted, exported, queued, rejected, dropped);
  }

  /**
   * @return why items were dropped
   */
  public List<TelemetryStatus.Drop> drops() {
    return drops.entrySet().stream()
        .sorted(
            Map.Entry.comparingByKey(
                Comparator.comparing(DropKey::destination)
                    .thenComparing(DropKey::signal)
                    .thenComparing(DropKey::reason)))
        .map(entry ->
            new TelemetryStatus.Drop(
                entry.getKey().destination(),
                entry.getKey().signal().label(),
                entry.getKey().reason().label(),
                entry.getValue().sum()))
        .toList();
  }

  /**
   * @return what was refused
   */
  public List<TelemetryStatus.Refusal> refusals() {
    return refusals.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry ->
            new TelemetryStatus.Refusal(
                entry.getKey().label(),
                entry.getValue().requests().sum(),
                entry.getValue().items().sum()))
        .toList();
  }

  private static TelemetryStatus.Flow flow(FlowKey key, Flow.Counts counts) {
    return new TelemetryStatus.Flow(
        key.signal().label(),
        key.sender(),
        key.destination(),
        counts.accepted(),
        counts.exported(),
        counts.queued(),
        counts.rejected(),
        counts.dropped());
  }

  private Flow flow(FlowKey key) {
    return flows.computeIfAbsent(key, absent -> new Flow());
  }

  private Refused refusal(RefusalReason reason) {
    return refusals.computeIfAbsent(
        reason, absent -> new Refused(new LongAdder(), new LongAdder()));
  }

  private void count(FlowKey key, long items, DropReason reason) {
    drops
        .computeIfAbsent(
            new DropKey(key.destination(), key.signal(), reason), absent -> new LongAdder())
        .add(items);
  }
}
