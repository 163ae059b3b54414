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
   * Walks a request.
   *
   * @throws MalformedTelemetryException where a protobuf parser could refuse it
   */
  public static OtlpRequest parse(Signal signal, byte[] bytes) {
    var cursor = new WireCursor(bytes, 0);
    var groups = new ArrayList<ResourceGroup>(1);
    int items = 0;
    while (cursor.position < bytes.length) {
      int start = cursor.position;
      int tag = cursor.tag(bytes.length);
      if (tag == GROUP_TAG) {
        var group = group(signal, cursor, cursor.lengthEnd(bytes.length));
        groups.add(group);
        items = Math.addExact(items, group.items());
      } else if (tag >>> 3 == 1) {
        throw cursor.malformed("wire type " + (tag & 7) + " for field 1 of the request", start);
      } else {
        cursor.skip(tag, bytes.length);
      }
    }
    return new OtlpRequest(signal, bytes, List.copyOf(groups), items);
  }

  private static ResourceGroup group(Signal signal, WireCursor cursor, int end) {
    int start = cursor.position;
    var walker = new StructureWalker(cursor);
    int[] resources = NONE;
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
        resources = Arrays.copyOf(resources, resources.length + 2);
        resources[resources.length - 2] = payload;
        resources[resources.length - 1] = cursor.position;
      }
    }
    return new ResourceGroup(
        cursor.bytes, start, end, resources, walker.items(), walker.largestItem());
  }
}
