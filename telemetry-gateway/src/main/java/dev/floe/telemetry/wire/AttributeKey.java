package dev.floe.telemetry.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a resource attribute, ready to be compared with bytes. */
public final class AttributeKey {
  static final int KEY_TAG = 1 << 3 | WireType.LENGTH;

  private final String name;
  final byte[] utf8;

  private AttributeKey(String name) {
    this.name = name;
    this.utf8 = name.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @return the key of this name
   */
  public static AttributeKey of(String name) {
    return new AttributeKey(name);
  }

  /**
   * @return the attribute's name
   */
  public String name() {
    return name;
  }

  /**
   * @return whether the attribute (a {@code KeyValue}) from the cursor to {@code end} has this key;
   *     the cursor's position is undefined afterwards
   */
  boolean names(WireCursor cursor, int end) {
    boolean same = utf8.length == 0;
    while (cursor.position < end) {
      int tag = cursor.tag(end);
      if (tag != KEY_TAG) {
        cursor.skip(tag, end);
        continue;
      }
      int keyEnd = cursor.lengthEnd(end);
      same =
          keyEnd - cursor.position == utf8.length
              && Arrays.equals(cursor.bytes, cursor.position, keyEnd, utf8, 0, utf8.length);
      cursor.position = keyEnd;
    }
    return same;
  }

  @Override
  public String toString() {
    return name;
  }
}
