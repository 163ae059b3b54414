package dev.floe.telemetry.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An {@code Export…ServiceRequest} that was walked to its leaves: any protobuf parser takes it. The
 * only field that OTLP gives requests, the groups per resource, is what is carried on. Requests
 * joined end to end are one request again.
 *
 * @param signal what its items are
 * @param bytes the request
 * @param groups per resource, in order
 * @param items spans, data points or log records of all groups
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost what this saves
public record OtlpRequest(Signal signal, byte[] bytes, List<ResourceGroup> groups, int items) {
  static final int GROUP_TAG = 1 << 3 | WireType.LENGTH;
  private static final int RESOURCE_FIELD = 1;
  private static final int[] NONE = {};

  /**
   * Walks a request of any structure.
   *
   * @throws MalformedTelemetryException where a protobuf parser could refuse it
   */
  public static OtlpRequest parse(Signal signal, byte[] bytes) {
    return new Parser(signal, bytes, StructureLimits.NONE, true).parse();
  }

  /**
   * Walks a request that a stranger sent. Groups without items are left out: OTLP lets receivers
   * ignore empty envelopes, and each costs more memory here than the two bytes it takes.
   *
   * @throws MalformedTelemetryException where a protobuf parser could refuse it
   * @throws StructureLimitException where it has more structure than allowed
   * @throws OverdueException where the work takes too long
   */
  public static OtlpRequest parse(Signal signal, byte[] bytes, StructureLimits limits) {
    return new Parser(signal, bytes, limits, false).parse();
  }

  /**
   * @return whether nothing stands in the bytes but the groups: no empty groups that were left out,
   *     no unknown fields
   */
  public boolean holdsGroupsOnly() {
    long length = 0;
    for (var group : groups) {
      length += group.length();
    }
    return length == bytes.length;
  }

  /** One walk over one request. */
  private static final class Parser {
    private final Signal signal;
    private final WireCursor cursor;
    private final StructureLimits limits;
    private final StructureWalker walker;
    private final boolean keepEmpty;
    private final List<ResourceGroup> groups = new ArrayList<>(1);
    private int[] resources = NONE;
    private int used;
    private int resourceFields;

    Parser(Signal signal, byte[] bytes, StructureLimits limits, boolean keepEmpty) {
      this.signal = signal;
      this.cursor = new WireCursor(bytes, 0);
      this.limits = limits;
      this.walker = new StructureWalker(cursor, limits);
      this.keepEmpty = keepEmpty;
    }

    OtlpRequest parse() {
      byte[] bytes = cursor.bytes;
      while (cursor.position < bytes.length) {
        walker.countField();
        int start = cursor.position;
        int tag = cursor.tag(bytes.length);
        if (tag == GROUP_TAG) {
          group(cursor.lengthEnd(bytes.length));
        } else if (tag >>> 3 == 1) {
          throw cursor.malformed("wire type " + (tag & 7) + " for field 1 of the request", start);
        } else {
          cursor.skip(tag, bytes.length);
        }
      }
      return new OtlpRequest(signal, bytes, List.copyOf(groups), walker.items());
    }

    private void group(int end) {
      int start = cursor.position;
      int before = walker.items();
      walker.beginGroup();
      used = 0;
      while (cursor.position < end) {
        int fieldStart = cursor.position;
        int tag = cursor.tag(end);
        int payload = 0;
        if (tag == (RESOURCE_FIELD << 3 | WireType.LENGTH)) {
          cursor.lengthEnd(end);
          payload = cursor.position;
        }
        cursor.position = fieldStart;
        walker.field(signal.group(), end, 1);
        if (payload != 0) {
          resource(payload, cursor.position);
        }
      }
      int items = walker.items() - before;
      if (items == 0 && !keepEmpty) {
        return;
      }
      if (groups.size() == limits.resources()) {
        throw tooManyResources();
      }
      groups.add(
          new ResourceGroup(
              cursor.bytes,
              start,
              end,
              Arrays.copyOf(resources, used),
              items,
              walker.largestItem()));
    }

    /** Remembers a resource field; protobuf lets a group repeat it. */
    private void resource(int from, int to) {
      if (resourceFields++ == limits.resources()) {
        throw tooManyResources();
      }
      if (used == resources.length) {
        resources = Arrays.copyOf(resources, Math.max(8, used * 2));
      }
      resources[used++] = from;
      resources[used++] = to;
    }

    private StructureLimitException tooManyResources() {
      return new StructureLimitException(limits.resources(), "resources");
    }
  }
}
