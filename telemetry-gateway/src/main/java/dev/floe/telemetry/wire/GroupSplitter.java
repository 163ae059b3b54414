package dev.floe.telemetry.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

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
  private final Consumer<Part> sink;
  private final WireWriter scopes = new WireWriter(1024);
  private final WireWriter scopeHeader = new WireWriter(256);
  private final WireWriter body = new WireWriter(1024);
  private final byte[] groupHeader;
  private int items;
  private int leftOut;

  private GroupSplitter(
      Signal signal,
      ResourceGroup group,
      AttributeEdits edits,
      int maxBytes,
      int maxItems,
      int maxItemBytes,
      Consumer<Part> sink) {
    this.group = group;
    this.itemShape = signal.group().child(2).child(2);
    this.groupHeader = edited(signal, without(SCOPE_TAG, group.start, group.end), edits);
    this.maxBytes = maxBytes;
    this.maxItems = maxItems;
    this.maxItemBytes = maxItemBytes;
    this.sink = sink;
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
    var parts = new ArrayList<Part>();
    int leftOut =
        split(signal, group, AttributeEdits.NONE, maxBytes, maxItems, maxItemBytes, parts::add);
    return new Division(List.copyOf(parts), leftOut);
  }

  /**
   * Divides a group and edits its resource, one part at a time.
   *
   * @param edits what each part's resource says differently
   * @param maxBytes see {@link #split(Signal, ResourceGroup, int, int, int)}
   * @param sink gets each part as soon as it is complete; what it throws ends the division
   * @return items that were larger than allowed
   */
  public static int split(
      Signal signal,
      ResourceGroup group,
      AttributeEdits edits,
      int maxBytes,
      int maxItems,
      int maxItemBytes,
      Consumer<Part> sink) {
    return new GroupSplitter(signal, group, edits, maxBytes, maxItems, maxItemBytes, sink).split();
  }

  private int split() {
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
    return leftOut;
  }

  /** Divides one scope. Allocates nothing: a request may hold millions of them. */
  private void scope(int from, int end) {
    scopeHeader.clear();
    copyWithout(ITEM_TAG, from, end, scopeHeader);
    int headers = groupHeader.length + scopeHeader.size();
    int limit = Math.max(maxBytes, 2 * headers);
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
      int total = headers + pending + (itemEnd - start) + FRAMING;
      if (pending > 0 && (total > limit || items + count > maxItems)) {
        closeScope();
        flush();
      }
      body.raw(group.bytes, start, itemEnd - start);
      items += count;
    }
    closeScope();
  }

  /** Moves the items of a scope, if there are any, into the part. */
  private void closeScope() {
    if (body.size() > 0) {
      scopes.header(2, scopeHeader.size() + body.size()).append(scopeHeader).append(body);
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
            .append(scopes)
            .toByteArray();
    var part = new Part(request, items);
    scopes.clear();
    items = 0;
    sink.accept(part);
  }

  private int count(int from, int end) {
    var walker = new StructureWalker(new WireCursor(group.bytes, from));
    walker.walk(itemShape, end, 0);
    return walker.items();
  }

  private byte[] without(int unwantedTag, int from, int end) {
    var kept = new WireWriter(256);
    copyWithout(unwantedTag, from, end, kept);
    return kept.toByteArray();
  }

  private void copyWithout(int unwantedTag, int from, int end, WireWriter kept) {
    var cursor = new WireCursor(group.bytes, from);
    while (cursor.position < end) {
      int start = cursor.position;
      int tag = cursor.tag(end);
      cursor.skip(tag, end);
      if (tag != unwantedTag) {
        kept.raw(group.bytes, start, cursor.position - start);
      }
    }
  }

  /** Edits the resource of a group without scopes, given and returned without tag and length. */
  private static byte[] edited(Signal signal, byte[] header, AttributeEdits edits) {
    if (edits.isEmpty()) {
      return header;
    }
    byte[] request =
        new WireWriter(WireType.sizeOfField(header.length)).bytes(1, header).toByteArray();
    var alone = OtlpRequest.parse(signal, request).groups().getFirst();
    byte[] spliced =
        new ResourceSplicer(request.length + edits.growth()).append(alone, edits).toByteArray();
    var changed = OtlpRequest.parse(signal, spliced).groups().getFirst();
    return Arrays.copyOfRange(spliced, changed.start, changed.end);
  }
}
