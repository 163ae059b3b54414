package dev.floe.telemetry.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be changed about a resource's attributes, encoded once and put onto many resources.
 */
public final class AttributeEdits {
  /** Nothing is to be changed. */
  public static final AttributeEdits NONE = builder().build();

  static final int ATTRIBUTE_TAG = 1 << 3 | WireType.LENGTH;
  private static final int LIMIT = 62;

  /**
   * @param field the attribute as a field of a resource, empty to take it away
   * @param authoritative whether it replaces what the resource says
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost what this saves
  private record Edit(AttributeKey key, byte[] field, boolean authoritative) {}

  private final List<Edit> edits;
  private final int growth;

  private AttributeEdits(List<Edit> edits) {
    this.edits = List.copyOf(edits);
    this.growth = edits.stream().mapToInt(edit -> edit.field().length).sum();
  }

  /**
   * @return a new, empty collection of edits
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * @return whether there is nothing to change on any resource
   */
  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /**
   * @return the bytes that all additions together take
   */
  public int growth() {
    return growth;
  }

  /**
   * @return one bit per addition
   */
  long all() {
    long mask = 0;
    for (int i = 0; i < edits.size(); i++) {
      if (edits.get(i).field().length > 0) {
        mask |= 1L << i;
      }
    }
    return mask;
  }

  /**
   * @param cursor at the begin of an attribute's payload; undefined afterwards
   * @return which edit speaks of the attribute, -1 for none
   */
  int about(WireCursor cursor, int end) {
    // The key is looked for once, not once for each edit: senders may repeat it a million times.
    int from = 0;
    int to = 0;
    while (cursor.position < end) {
      int tag = cursor.tag(end);
      if (tag == AttributeKey.KEY_TAG) {
        to = cursor.lengthEnd(end);
        from = cursor.position;
        cursor.position = to;
      } else {
        cursor.skip(tag, end);
      }
    }
    for (int i = 0; i < edits.size(); i++) {
      byte[] key = edits.get(i).key().utf8;
      if (Arrays.equals(cursor.bytes, from, to, key, 0, key.length)) {
        return i;
      }
    }
    return -1;
  }

  boolean isAuthoritative(int index) {
    return edits.get(index).authoritative();
  }

  byte[] field(int index) {
    return edits.get(index).field();
  }

  /** Collects edits. */
  public static final class Builder {
    private final List<Edit> edits = new ArrayList<>();

    private Builder() {}

    /** Adds an attribute where the resource has none of that key. */
    public Builder ifAbsent(AttributeKey key, String value) {
      return add(new Edit(key, encoded(key, value), false));
    }

    /** Sets an attribute, whatever the resource says. */
    public Builder set(AttributeKey key, String value) {
      return add(new Edit(key, encoded(key, value), true));
    }

    /** Takes an attribute away. */
    public Builder remove(AttributeKey key) {
      return add(new Edit(key, new byte[0], true));
    }

    /**
     * @return what was collected
     */
    public AttributeEdits build() {
      return new AttributeEdits(edits);
    }

    private Builder add(Edit edit) {
      if (edits.size() == LIMIT
          || edits.stream().anyMatch(e -> e.key().name().equals(edit.key().name()))) {
        throw new IllegalArgumentException("attribute " + edit.key() + " twice, or too many");
      }
      edits.add(edit);
      return this;
    }

    private static byte[] encoded(AttributeKey key, String value) {
      byte[] anyValue = new WireWriter(value.length() + 8).text(1, value).toByteArray();
      byte[] keyValue =
          new WireWriter(key.utf8.length + anyValue.length + 16)
              .bytes(1, key.utf8)
              .bytes(2, anyValue)
              .toByteArray();
      return new WireWriter(keyValue.length + 6).bytes(1, keyValue).toByteArray();
    }
  }
}
