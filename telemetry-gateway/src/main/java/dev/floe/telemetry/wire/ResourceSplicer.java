package dev.floe.telemetry.wire;

import java.util.Arrays;

/**
 * Writes groups into one request, each with its resource's attributes edited and everything else as
 * it came.
 */
public final class ResourceSplicer {
  private static final long REMOVAL = 1L << 63;

  private final WireWriter out;

  /**
   * @param capacity how many bytes to expect
   */
  public ResourceSplicer(int capacity) {
    this.out = new WireWriter(capacity);
  }

  /**
   * @return the bytes written so far
   */
  public int size() {
    return out.size();
  }

  /**
   * @return what was written: a request
   */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  /**
   * @return whether the edits change anything about this group
   */
  public static boolean changes(ResourceGroup group, AttributeEdits edits) {
    return !edits.isEmpty() && plan(group, edits) != 0;
  }

  /** Appends a group with the edits applied to its resource. */
  public ResourceSplicer append(ResourceGroup group, AttributeEdits edits) {
    long plan = edits.isEmpty() ? 0 : plan(group, edits);
    if (plan == 0) {
      out.header(1, group.end - group.start).raw(group.bytes, group.start, group.end - group.start);
      return this;
    }
    byte[] resource = resource(group, edits, plan);
    int others = othersSize(group);
    out.header(1, WireType.sizeOfField(resource.length) + others).bytes(1, resource);
    copyOthers(group);
    return this;
  }

  /**
   * @return one bit per attribute to add, and {@link #REMOVAL} where an attribute has to go
   */
  private static long plan(ResourceGroup group, AttributeEdits edits) {
    long plan = edits.all();
    var cursor = new WireCursor(group.bytes, group.start);
    for (int i = 0; i < group.resources.length; i += 2) {
      int end = group.resources[i + 1];
      cursor.position = group.resources[i];
      while (cursor.position < end) {
        int start = cursor.position;
        int tag = cursor.tag(end);
        if (tag != AttributeEdits.ATTRIBUTE_TAG) {
          cursor.skip(tag, end);
          continue;
        }
        int attributeEnd = cursor.lengthEnd(end);
        int edit = edits.about(cursor, attributeEnd);
        cursor.position = attributeEnd;
        if (edit < 0) {
          continue;
        }
        if (stays(group.bytes, start, attributeEnd, edits, edit)) {
          plan &= ~(1L << edit);
        } else {
          plan |= REMOVAL;
        }
      }
    }
    return plan;
  }

  private static boolean stays(byte[] bytes, int start, int end, AttributeEdits edits, int edit) {
    if (!edits.isAuthoritative(edit)) {
      return true;
    }
    byte[] field = edits.field(edit);
    return Arrays.equals(bytes, start, end, field, 0, field.length);
  }

  private static byte[] resource(ResourceGroup group, AttributeEdits edits, long plan) {
    int capacity = edits.growth();
    for (int i = 0; i < group.resources.length; i += 2) {
      capacity += group.resources[i + 1] - group.resources[i];
    }
    var resource = new WireWriter(capacity);
    for (int i = 0; i < group.resources.length; i += 2) {
      if ((plan & REMOVAL) == 0) {
        resource.raw(group.bytes, group.resources[i], group.resources[i + 1] - group.resources[i]);
      } else {
        copyKept(group.bytes, group.resources[i], group.resources[i + 1], edits, resource);
      }
    }
    for (long rest = plan & ~REMOVAL; rest != 0; rest &= rest - 1) {
      byte[] field = edits.field(Long.numberOfTrailingZeros(rest));
      resource.raw(field, 0, field.length);
    }
    return resource.toByteArray();
  }

  private static void copyKept(
      byte[] bytes, int from, int end, AttributeEdits edits, WireWriter resource) {
    var cursor = new WireCursor(bytes, from);
    while (cursor.position < end) {
      int start = cursor.position;
      int tag = cursor.tag(end);
      boolean keep = true;
      if (tag == AttributeEdits.ATTRIBUTE_TAG) {
        int attributeEnd = cursor.lengthEnd(end);
        int edit = edits.about(cursor, attributeEnd);
        cursor.position = attributeEnd;
        keep = edit < 0 || stays(bytes, start, attributeEnd, edits, edit);
      } else {
        cursor.skip(tag, end);
      }
      if (keep) {
        resource.raw(bytes, start, cursor.position - start);
      }
    }
  }

  /** What a group holds beside its resource lies between the resource fields. */
  private static int othersSize(ResourceGroup group) {
    int size = group.end - group.start;
    for (int i = 0; i < group.resources.length; i += 2) {
      size -= group.resources[i + 1] - resourceFieldStart(group, i);
    }
    return size;
  }

  private void copyOthers(ResourceGroup group) {
    int from = group.start;
    for (int i = 0; i < group.resources.length; i += 2) {
      int fieldStart = resourceFieldStart(group, i);
      out.raw(group.bytes, from, fieldStart - from);
      from = group.resources[i + 1];
    }
    out.raw(group.bytes, from, group.end - from);
  }

  /**
   * Lengths may be written longer than needed, so the begin of a field is found by walking, not by
   * computing.
   */
  private static int resourceFieldStart(ResourceGroup group, int index) {
    int from = index == 0 ? group.start : group.resources[index - 1];
    var cursor = new WireCursor(group.bytes, from);
    while (true) {
      int start = cursor.position;
      int tag = cursor.tag(group.end);
      if (tag == (1 << 3 | WireType.LENGTH)) {
        return start;
      }
      cursor.skip(tag, group.end);
    }
  }
}
