package dev.floe.telemetry.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds for one resource, as a range of the request's bytes that were checked
 * already.
 */
public final class ResourceGroup {
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
   * @return its value as text where it is text, a whole number or a boolean, null where it is
   *     absent or anything else
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
    String value = null;
    while (cursor.position < attributeEnd) {
      int tag = cursor.tag(attributeEnd);
      if (tag != (2 << 3 | WireType.LENGTH)) {
        cursor.skip(tag, attributeEnd);
        continue;
      }
      int valueEnd = cursor.lengthEnd(attributeEnd);
      while (cursor.position < valueEnd) {
        value = scalar(cursor, valueEnd);
      }
    }
    return value;
  }

  private @Nullable String scalar(WireCursor cursor, int end) {
    int tag = cursor.tag(end);
    return switch (tag) {
      case 1 << 3 | WireType.LENGTH -> {
        int textEnd = cursor.lengthEnd(end);
        int length = textEnd - cursor.position;
        var text = new String(bytes, cursor.position, length, StandardCharsets.UTF_8);
        cursor.position = textEnd;
        yield text;
      }
      case 2 << 3 -> Boolean.toString(cursor.varint(end) != 0);
      case 3 << 3 -> Long.toString(cursor.varint(end));
      default -> {
        cursor.skip(tag, end);
        yield null;
      }
    };
  }
}
