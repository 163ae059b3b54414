package dev.floe.telemetry.export;

import dev.floe.telemetry.export.Chunk.Share;
import dev.floe.telemetry.wire.AttributeEdits;
import dev.floe.telemetry.wire.GroupSplitter;
import dev.floe.telemetry.wire.MalformedTelemetryException;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.ResourceGroup;
import dev.floe.telemetry.wire.ResourceSplicer;
import java.util.ArrayList;
import java.util.List;

/** Divides a chunk that a backend refused into smaller ones. */
final class ChunkSplitter {
  private ChunkSplitter() {}

  /**
   * Divides a chunk, between its resources where it has several, else between its items.
   *
   * @return chunks that together hold every item once, in order; fewer than two where the chunk
   *     cannot be divided. Which sender an item came from a chunk does not say, so the shares of
   *     the parts follow the order of the shares of the whole.
   */
  static List<Chunk> halve(Chunk chunk) {
    OtlpRequest request;
    try {
      request = OtlpRequest.parse(chunk.signal(), chunk.bytes());
    } catch (MalformedTelemetryException e) {
      return List.of();
    }
    var groups = request.groups();
    var parts = new ArrayList<GroupSplitter.Part>(2);
    if (groups.size() > 1) {
      int middle = middle(groups);
      parts.add(join(groups.subList(0, middle)));
      parts.add(join(groups.subList(middle, groups.size())));
    } else if (groups.size() == 1) {
      int half = Math.max(1, (request.items() + 1) / 2);
      parts.addAll(
          GroupSplitter.split(
                  chunk.signal(), groups.getFirst(), Integer.MAX_VALUE, half, Integer.MAX_VALUE)
              .parts());
    }
    return parts.size() < 2 ? List.of() : share(chunk, parts);
  }

  /** The first group of the second half, by bytes; each half has one at least. */
  private static int middle(List<ResourceGroup> groups) {
    long all = groups.stream().mapToLong(ResourceGroup::length).sum();
    long before = 0;
    for (int i = 0; i < groups.size() - 1; i++) {
      before += groups.get(i).length();
      if (2 * before >= all) {
        return i + 1;
      }
    }
    return groups.size() - 1;
  }

  private static GroupSplitter.Part join(List<ResourceGroup> groups) {
    int size = 0;
    int items = 0;
    for (var group : groups) {
      size += group.length();
      items += group.items();
    }
    var joined = new ResourceSplicer(size);
    groups.forEach(group -> joined.append(group, AttributeEdits.NONE));
    return new GroupSplitter.Part(joined.toByteArray(), items);
  }

  private static List<Chunk> share(Chunk whole, List<GroupSplitter.Part> parts) {
    var chunks = new ArrayList<Chunk>(parts.size());
    int share = 0;
    int taken = 0;
    for (int i = 0; i < parts.size(); i++) {
      // The last part takes all that is left, so that no item is counted twice or not at all.
      int wanted = i == parts.size() - 1 ? Integer.MAX_VALUE : parts.get(i).items();
      var shares = new ArrayList<Share>(1);
      while (wanted > 0 && share < whole.shares().size()) {
        var next = whole.shares().get(share);
        int items = Math.min(wanted, next.items() - taken);
        if (items > 0) {
          shares.add(new Share(next.sender(), items));
        }
        wanted -= items;
        taken += items;
        if (taken == next.items()) {
          share++;
          taken = 0;
        }
      }
      chunks.add(new Chunk(whole.signal(), parts.get(i).bytes(), List.copyOf(shares)));
    }
    return chunks;
  }
}
