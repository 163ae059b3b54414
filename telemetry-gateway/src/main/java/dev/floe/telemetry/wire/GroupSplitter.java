package dev.floe.telemetry.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides a group into several of bounded size, each with the whole resource and the scopes of its
 * items, and leaves out items that are too large for any of them.
 */
public final class GroupSplitter {
  private static final int ITEM_TAG = 2 << 3 | WireType.LENGTH;
  private static final int SCOPE_TAG = 2 << 3 | WireType.LENGTH;

  /** Tags and lengths of the group and the scope. */
  private static final int FRAMING = 12;

  /**
   * A request that holds a part of the group.
   *
   * @param bytes the request
   * @param items spans, data points or log records in it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost what this saves
  public record Part(byte[] bytes, int items) {}

  /**
   * What became of a group.
   *
   * @param parts together hold every item that was not left out, in order
   * @param leftOut items that were larger than allowed
   */
  public record Division(List<Part> parts, int leftOut) {}

  private final ResourceGroup group;
  private final MessageShape itemShape;
  private final int maxBytes;
  private final int maxItems;
  private final int maxItemBytes;
  private final List<Part> parts = new ArrayList<>();
  private final WireWriter scopes = new WireWriter(1024);
  private final byte[] groupHeader;
  private int items;
  private int leftOut;

  private GroupSplitter(
      Signal signal, ResourceGroup group, int maxBytes, int maxItems, int maxItemBytes) {
    this.group = group;
    this.itemShape = signal.group().child(2).child(2);
    this.groupHeader = without(SCOPE_TAG, group.start, group.end);
    this.maxBytes = maxBytes;
    this.maxItems = maxItems;
    this.maxItemBytes = maxItemBytes;
  }

  /**
   * Divides a group.
   *
   * @param maxBytes the size of a part; exceeded where one item needs it, and where the resource is
   *     so large that parts of this size would multiply what was sent
   * @param maxItems spans, data points or log records of a part; exceeded where one metric holds
   *     more points
   * @param maxItemBytes items (spans, metrics, log records) above this size are left out
   */
  public static Division split(
      Signal signal, ResourceGroup group, int maxBytes, int maxItems, int maxItemBytes) {
    return new GroupSplitter(signal, group, maxBytes, maxItems, maxItemBytes).split();
  }

  private Division split() {
    var cursor = new WireCursor(group.bytes, group.start);
    while (cursor.position < group.end) {
      int tag = cursor.tag(group.end);
      if (tag == SCOPE_TAG) {
        int end = cursor.lengthEnd(group.end);
        scope(cursor.position, end);
        cursor.position = end;
      } else {
        cursor.skip(tag, group.end);
      }
    }
    flush();
    return new Division(List.copyOf(parts), leftOut);
  }

  private void scope(int from, int end) {
    byte[] header = without(ITEM_TAG, from, end);
    int limit = Math.max(maxBytes, 2 * (groupHeader.length + header.length));
    var body = new WireWriter(header.length + 1024);
    var cursor = new WireCursor(group.bytes, from);
    while (cursor.position < end) {
      int start = cursor.position;
      int tag = cursor.tag(end);
      if (tag != ITEM_TAG) {
        cursor.skip(tag, end);
        continue;
      }
      int itemEnd = cursor.lengthEnd(end);
      int size = itemEnd - cursor.position;
      int count = count(cursor.position, itemEnd);
      cursor.position = itemEnd;
      if (size > maxItemBytes) {
        leftOut += count;
        continue;
      }
      int pending = scopes.size() + body.size();
      int total = groupHeader.length + header.length + pending + (itemEnd - start) + FRAMING;
      if (pending > 0 && (total > limit || items + count > maxItems)) {
        close(header, body);
        flush();
      }
      body.raw(group.bytes, start, itemEnd - start);
      items += count;
    }
    close(header, body);
  }

  /** Moves the items of a scope, if there are any, into the part. */
  private void close(byte[] header, WireWriter body) {
    if (body.size() > 0) {
      scopes
          .header(2, header.length + body.size())
          .raw(header, 0, header.length)
          .raw(body.toByteArray(), 0, body.size());
      body.clear();
    }
  }

  private void flush() {
    if (scopes.size() == 0) {
      return;
    }
    int size = groupHeader.length + scopes.size();
    byte[] request =
        new WireWriter(WireType.sizeOfField(size))
            .header(1, size)
            .raw(groupHeader, 0, groupHeader.length)
            .raw(scopes.toByteArray(), 0, scopes.size())
            .toByteArray();
    parts.add(new Part(request, items));
    scopes.clear();
    items = 0;
  }

  private int count(int from, int end) {
    var walker = new StructureWalker(new WireCursor(group.bytes, from));
    walker.walk(itemShape, end, 0);
    return walker.items();
  }

  private byte[] without(int unwantedTag, int from, int end) {
    var kept = new WireWriter(256);
    var cursor = new WireCursor(group.bytes, from);
    while (cursor.position < end) {
      int start = cursor.position;
      int tag = cursor.tag(end);
      cursor.skip(tag, end);
      if (tag != unwantedTag) {
        kept.raw(group.bytes, start, cursor.position - start);
      }
    }
    return kept.toByteArray();
  }
}
