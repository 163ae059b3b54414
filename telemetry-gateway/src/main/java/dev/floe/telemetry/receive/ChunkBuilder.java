package dev.floe.telemetry.receive;

import dev.floe.telemetry.enrich.Attribution;
import dev.floe.telemetry.export.Chunk;
import dev.floe.telemetry.export.Chunk.Share;
import dev.floe.telemetry.wire.GroupSplitter;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.OverdueException;
import dev.floe.telemetry.wire.ResourceGroup;
import dev.floe.telemetry.wire.ResourceSplicer;
import dev.floe.telemetry.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes of a request the pieces that are queued: named, and of bounded size. */
final class ChunkBuilder {
  private static final int ROOM_FOR_ATTRIBUTES = 512;

  /** There is too little memory for what a request becomes. */
  static final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoRoomException() {
      super("too little memory for what the request becomes", null, false, false);
    }
  }

  private final Signal signal;
  private final int chunkBytes;
  private final int maxItemBytes;
  private final Reservation reservation;
  private final BooleanSupplier overdue;
  private final List<Chunk> chunks = new ArrayList<>(1);
  private final List<Share> shares = new ArrayList<>(1);
  private ResourceSplicer pending = new ResourceSplicer(0);
  private int leftOut;

  /**
   * @param chunkBytes size of a chunk; exceeded only where one item needs it
   * @param maxItemBytes items above this are left out
   * @param reservation what is written is counted here before it is: attributes that are added may
   *     make much of little
   * @param overdue true once this takes too long
   */
  ChunkBuilder(
      Signal signal,
      int chunkBytes,
      int maxItemBytes,
      Reservation reservation,
      BooleanSupplier overdue) {
    this.signal = signal;
    this.chunkBytes = chunkBytes;
    this.maxItemBytes = maxItemBytes;
    this.reservation = reservation;
    this.overdue = overdue;
  }

  List<Chunk> chunks() {
    return chunks;
  }

  /**
   * @return items that were too large
   */
  int leftOut() {
    return leftOut;
  }

  /**
   * Adds a request; once.
   *
   * @throws NoRoomException where there is too little memory for what it becomes
   * @throws OverdueException where it takes too long
   */
  void add(OtlpRequest request, List<Attribution> attributions) {
    var groups = request.groups();
    if (asItCame(request, attributions)) {
      for (int i = 0; i < groups.size(); i++) {
        share(attributions.get(i).sender(), groups.get(i).items());
      }
      if (!groups.isEmpty()) {
        chunks.add(new Chunk(signal, request.bytes(), List.copyOf(shares)));
      }
      return;
    }
    for (int i = 0; i < groups.size(); i++) {
      add(request, groups.get(i), attributions.get(i));
    }
    flush();
  }

  private boolean asItCame(OtlpRequest request, List<Attribution> attributions) {
    if (request.bytes().length > chunkBytes || !request.holdsGroupsOnly()) {
      return false;
    }
    var groups = request.groups();
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).largestItem() > maxItemBytes
          || ResourceSplicer.changes(groups.get(i), attributions.get(i).edits())) {
        return false;
      }
    }
    return true;
  }

  private void add(OtlpRequest request, ResourceGroup group, Attribution attribution) {
    if (overdue.getAsBoolean()) {
      throw new OverdueException();
    }
    int size = group.length() + attribution.edits().growth();
    if (size > chunkBytes || group.largestItem() > maxItemBytes) {
      flush();
      divide(group, attribution);
      return;
    }
    if (pending.size() > 0 && pending.size() + size > chunkBytes) {
      flush();
    }
    reserve(size);
    if (pending.size() == 0) {
      int expected = Math.min(request.bytes().length, chunkBytes) + ROOM_FOR_ATTRIBUTES;
      pending = new ResourceSplicer(expected);
    }
    pending.append(group, attribution.edits());
    share(attribution.sender(), group.items());
  }

  private void divide(ResourceGroup group, Attribution attribution) {
    leftOut +=
        GroupSplitter.split(
            signal,
            group,
            attribution.edits(),
            chunkBytes,
            Integer.MAX_VALUE,
            maxItemBytes,
            part -> {
              reserve(part.bytes().length);
              if (overdue.getAsBoolean()) {
                throw new OverdueException();
              }
              var shares = List.of(new Share(attribution.sender(), part.items()));
              chunks.add(new Chunk(signal, part.bytes(), shares));
            });
  }

  private void reserve(int bytes) {
    if (!reservation.take(bytes)) {
      throw new NoRoomException();
    }
  }

  private void flush() {
    if (pending.size() > 0) {
      chunks.add(new Chunk(signal, pending.toByteArray(), List.copyOf(shares)));
      shares.clear();
      pending = new ResourceSplicer(0);
    }
  }

  private void share(String sender, int items) {
    for (int i = 0; i < shares.size(); i++) {
      if (shares.get(i).sender().equals(sender)) {
        shares.set(i, new Share(sender, shares.get(i).items() + items));
        return;
      }
    }
    shares.add(new Share(sender, items));
  }
}
