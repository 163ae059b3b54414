package dev.floe.telemetry.wire;

/**
 * Walks a message to its leaves, checks that every protobuf parser will take it, and counts its
 * items. One walker serves one request; it allocates nothing while it walks.
 */
final class StructureWalker {
  /** Parsers stop at 100 nested messages; what is passed on must stay below wherever it is put. */
  static final int MAX_DEPTH = 64;

  private static final int ITEM_DEPTH = 3;

  /** How many fields are walked between two looks at the clock; a power of two. */
  private static final int FIELDS_PER_LOOK = 1 << 16;

  private final WireCursor cursor;
  private final StructureLimits limits;
  private int items;
  private int largestItem;
  private int fields;

  StructureWalker(WireCursor cursor) {
    this(cursor, StructureLimits.NONE);
  }

  /**
   * @param limits what all that this walker walks may have together
   */
  StructureWalker(WireCursor cursor, StructureLimits limits) {
    this.cursor = cursor;
    this.limits = limits;
  }

  /**
   * @return the items met so far
   */
  int items() {
    return items;
  }

  /**
   * @return no item met since {@link #beginGroup} has more bytes than this
   */
  int largestItem() {
    return largestItem;
  }

  /** Forgets the largest item of the group before. */
  void beginGroup() {
    largestItem = 0;
  }

  /**
   * Counts a field.
   *
   * @throws StructureLimitException if it is one too many
   * @throws OverdueException if the work takes too long
   */
  void countField() {
    if (++fields > limits.fields()) {
      throw new StructureLimitException(limits.fields(), "fields");
    }
    if ((fields & (FIELDS_PER_LOOK - 1)) == 0 && limits.overdue().getAsBoolean()) {
      throw new OverdueException();
    }
  }

  /**
   * Walks from the cursor to {@code end}, which is the end of a message of this shape.
   *
   * @param depth how deep the message lies already
   */
  void walk(MessageShape shape, int end, int depth) {
    if (depth > MAX_DEPTH) {
      throw cursor.malformed("more than " + MAX_DEPTH + " nested messages", cursor.position);
    }
    if (depth == ITEM_DEPTH) {
      largestItem = Math.max(largestItem, end - cursor.position);
    }
    if (shape.isCounted() && ++items > limits.items()) {
      throw new StructureLimitException(limits.items(), "spans, data points or log records");
    }
    while (cursor.position < end) {
      field(shape, end, depth);
    }
  }

  /** Walks one field of a message of this shape, its tag included. */
  void field(MessageShape shape, int end, int depth) {
    countField();
    int start = cursor.position;
    int tag = cursor.tag(end);
    int field = tag >>> 3;
    byte kind = shape.kind(field);
    if (kind == MessageShape.UNKNOWN) {
      cursor.skip(tag, end);
      return;
    }
    if (!MessageShape.fits(kind, tag & 7)) {
      throw cursor.malformed(
          "wire type " + (tag & 7) + " for field " + field + " of " + shape.name, start);
    }
    switch (kind) {
      case MessageShape.VARINT -> cursor.varint(end);
      case MessageShape.FIXED64 -> cursor.advance(8, end);
      case MessageShape.FIXED32 -> cursor.advance(4, end);
      case MessageShape.TEXT -> cursor.text(cursor.lengthEnd(end));
      case MessageShape.BYTES -> cursor.position = cursor.lengthEnd(end);
      case MessageShape.MESSAGE -> walk(shape.child(field), cursor.lengthEnd(end), depth + 1);
      case MessageShape.TRACE_ID -> id(cursor.lengthEnd(end), 16);
      case MessageShape.SPAN_ID -> id(cursor.lengthEnd(end), 8);
      default -> numbers(kind, tag, end);
    }
  }

  /** Ids are absent, empty or whole: some backends refuse a whole batch for one that is not. */
  private void id(int end, int size) {
    int length = end - cursor.position;
    if (length != 0 && length != size) {
      throw cursor.malformed("id of " + length + " bytes, not " + size, cursor.position);
    }
    cursor.position = end;
  }

  private void numbers(byte kind, int tag, int end) {
    if ((tag & 7) != WireType.LENGTH) {
      cursor.skip(tag, end);
      return;
    }
    int packedEnd = cursor.lengthEnd(end);
    if (kind == MessageShape.FIXED64S) {
      if ((packedEnd - cursor.position) % 8 != 0) {
        throw cursor.malformed("packed 64-bit numbers cut off", cursor.position);
      }
      cursor.position = packedEnd;
      return;
    }
    while (cursor.position < packedEnd) {
      cursor.varint(packedEnd);
    }
  }
}
