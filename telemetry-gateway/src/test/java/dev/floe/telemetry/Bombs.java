package dev.floe.telemetry;

import dev.floe.telemetry.wire.Signal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requests of few bytes and much structure, or of as many bytes as are allowed and whatever is
 * expensive in them. All are well-formed protobuf unless their name says otherwise.
 */
final class Bombs {
  private static final byte[] EMPTY_SPAN = field(2, new byte[0]);

  /**
   * A hostile request.
   *
   * @param name what there is too much of
   * @param refused whether more of it is there than the default limits allow
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bomb(String name, Signal signal, byte[] bytes, boolean refused) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Bombs() {}

  /**
   * @param size bytes of each, about
   * @param fields fields of those that stay just below a limit of fields
   */
  static List<Bomb> all(int size, int fields) {
    var bombs = new ArrayList<Bomb>();
    bombs.add(refused("empty groups", repeated(field(1, new byte[0]), size / 2)));
    bombs.add(
        refused(
            "empty resources in one group",
            field(1, repeated(field(1, new byte[0]), size / 2), field(2, EMPTY_SPAN))));
    bombs.add(
        refused(
            "groups with a resource and nothing else",
            repeated(field(1, field(1, new byte[0])), size / 4)));
    bombs.add(refused("groups with one span", repeated(field(1, field(2, EMPTY_SPAN)), size / 6)));
    bombs.add(
        taken(
            "ten thousand groups that get an attribute",
            repeated(
                field(1, field(1, attribute("floe.domain", "d")), field(2, EMPTY_SPAN)), 10_000)));
    bombs.add(refused("empty scopes", field(1, repeated(field(2, new byte[0]), size / 2))));
    bombs.add(
        taken(
            "scopes with one span, to be divided",
            field(1, repeated(field(2, EMPTY_SPAN), Math.min(999_999, fields / 3)))));
    bombs.add(refused("empty spans", field(1, field(2, repeated(EMPTY_SPAN, size / 2)))));
    bombs.add(
        taken(
            "empty spans below the limit",
            field(1, field(2, repeated(EMPTY_SPAN, Math.min(999_999, fields / 2))))));
    bombs.add(refused("attributes of a span", oneSpan(repeated(field(9, new byte[0]), size / 2))));
    bombs.add(
        taken(
            "attributes of a resource below the limit",
            oneResource(repeated(field(1, new byte[0]), fields))));
    bombs.add(
        taken(
            "keys of one attribute of a resource",
            oneResource(field(1, repeated(field(1, new byte[0]), fields)))));
    bombs.add(
        taken(
            "values of the service's name",
            oneResource(
                field(
                    1,
                    field(1, text("service.name")),
                    field(2, repeated(field(1, text("a")), fields))))));
    bombs.add(
        taken(
            "a service's name of all bytes",
            oneResource(attribute("service.name", "n".repeat(size)))));
    bombs.add(
        taken(
            "a pod's name of all bytes", oneResource(attribute("k8s.pod.uid", "n".repeat(size)))));
    bombs.add(refused("unknown fields of the request", repeated(unknown(), size / 2)));
    bombs.add(refused("unknown fields of a group", field(1, repeated(unknown(), size / 2))));
    bombs.add(refused("unknown fields of a span", oneSpan(repeated(unknown(), size / 2))));
    bombs.add(
        refused(
            "values nested without end",
            oneSpan(attributeOf(nested(Math.min(size / 8, 200_000))))));
    byte[] deep = attributeOf(nested(18));
    bombs.add(
        taken(
            "values nested as deep as may be",
            oneSpan(repeated(deep, Math.min(size / deep.length, fields / 60)))));
    bombs.add(
        new Bomb(
            "bucket counts",
            Signal.METRICS,
            field(
                1, field(2, field(2, field(10, field(1, field(8, field(2, new byte[size / 2]))))))),
            false));
    bombs.add(
        new Bomb(
            "log records without a body",
            Signal.LOGS,
            field(1, field(2, repeated(EMPTY_SPAN, size / 2))),
            true));
    bombs.add(refused("bytes that are nothing", repeated(new byte[] {(byte) 0xff}, size)));
    return bombs;
  }

  private static Bomb refused(String name, byte[] bytes) {
    return new Bomb(name, Signal.TRACES, bytes, true);
  }

  private static Bomb taken(String name, byte[] bytes) {
    return new Bomb(name, Signal.TRACES, bytes, false);
  }

  private static byte[] oneSpan(byte[] fields) {
    return field(1, field(2, field(2, fields)));
  }

  private static byte[] oneResource(byte[] fields) {
    return field(1, field(1, fields), field(2, EMPTY_SPAN));
  }

  private static byte[] unknown() {
    return new byte[] {0x78, 1};
  }

  /** An attribute of a resource. */
  private static byte[] attribute(String key, String value) {
    return field(1, field(1, text(key)), field(2, field(1, text(value))));
  }

  /** An attribute of a span. */
  private static byte[] attributeOf(byte[] value) {
    return field(9, field(2, value));
  }

  /** An array in an array, so often. */
  private static byte[] nested(int times) {
    // Written from the inside: what a level adds stands before what there is.
    byte[] out = new byte[times * 12];
    int start = out.length;
    for (int i = 0; i < 2 * times; i++) {
      byte[] header = header(i % 2 == 0 ? 1 : 5, out.length - start);
      start -= header.length;
      System.arraycopy(header, 0, out, start, header.length);
    }
    return Arrays.copyOfRange(out, start, out.length);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] repeated(byte[] unit, int times) {
    byte[] all = new byte[Math.multiplyExact(unit.length, times)];
    for (int i = 0; i < all.length; i += unit.length) {
      System.arraycopy(unit, 0, all, i, unit.length);
    }
    return all;
  }

  private static byte[] field(int number, byte[]... payloads) {
    int length = 0;
    for (byte[] payload : payloads) {
      length += payload.length;
    }
    var out = new ByteArrayOutputStream(length + 6);
    out.writeBytes(header(number, length));
    for (byte[] payload : payloads) {
      out.writeBytes(payload);
    }
    return out.toByteArray();
  }

  private static byte[] header(int number, int length) {
    var out = new ByteArrayOutputStream(6);
    out.write(number << 3 | 2);
    int rest = length;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }
}
