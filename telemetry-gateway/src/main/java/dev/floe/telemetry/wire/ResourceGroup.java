package dev.floe.telemetry.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds for one resource, as a range of the request's bytes that were checked
 * already.
 */
public final class ResourceGroup {
  /** Longer texts are no names of anything that floe or Kubernetes knows. */
  private static final int MAX_TEXT = 1024;

  final byte[] bytes;
  final int start;
  final int end;
  final int[] resources;
  private final int items;
  private final int largestItem;

  /**
   * @param start where the payload begins
   * @param end where it ends
   * @param resources begin and end of each resource field; protobuf allows several, which then are
   *     one
   */
  ResourceGroup(byte[] bytes, int start, int end, int[] resources, int items, int largestItem) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.resources = resources;
    this.items = items;
    this.largestItem = largestItem;
  }

  /**
   * @return spans, data points or log records
   */
  public int items() {
    return items;
  }

  /**
   * @return no item of the group has more bytes than this
   */
  public int largestItem() {
    return largestItem;
  }

  /**
   * @return the bytes that this group takes in a request
   */
  public int length() {
    return WireType.sizeOfField(end - start);
  }

  /**
   * Reads one attribute of the resource.
   *
   * @return its value as text where it is text of up to 1024 bytes, a whole number or a boolean,
   *     null where it is absent or anything else
   */
  public @Nullable String attribute(AttributeKey key) {
    var cursor = new WireCursor(bytes, start);
    for (int i = 0; i < resources.length; i += 2) {
      cursor.position = resources[i];
      while (cursor.position < resources[i + 1]) {
        int tag = cursor.tag(resources[i + 1]);
        if (tag != AttributeEdits.ATTRIBUTE_TAG) {
          cursor.skip(tag, resources[i + 1]);
          continue;
        }
        int attributeEnd = cursor.lengthEnd(resources[i + 1]);
        int attributeStart = cursor.position;
        if (key.names(cursor, attributeEnd)) {
          return value(attributeStart, attributeEnd);
        }
        cursor.position = attributeEnd;
      }
    }
    return null;
  }

  private @Nullable String value(int attributeStart, int attributeEnd) {
    var cursor = new WireCursor(bytes, attributeStart);
    // Only the last value counts, and only that one is decoded: protobuf lets senders repeat it.
    int last = -1;
    int lastEnd = -1;
    while (cursor.position < attributeEnd) {
      int tag = cursor.tag(attributeEnd);
      if (tag != (2 << 3 | WireType.LENGTH)) {
        cursor.skip(tag, attributeEnd);
        continue;
      }
      int valueEnd = cursor.lengthEnd(attributeEnd);
      while (cursor.position < valueEnd) {
        last = cursor.position;
        lastEnd = valueEnd;
        cursor.skip(cursor.tag(valueEnd), valueEnd);
      }
    }
    if (last < 0) {
      return null;
    }
    cursor.position = last;
    return scalar(cursor, lastEnd);
  }

  private @Nullable String scalar(WireCursor cursor, int end) {
    return switch (cursor.tag(end)) {
      case 1 << 3 | WireType.LENGTH -> {
        int length = cursor.lengthEnd(end) - cursor.position;
        yield length > MAX_TEXT
            ? null
            : new String(bytes, cursor.position, length, StandardCharsets.UTF_8);
      }
      case 2 << 3 -> Boolean.toString(cursor.varint(end) != 0);
      case 3 << 3 -> Long.toString(cursor.varint(end));
      default -> null;
    };
  }
}
