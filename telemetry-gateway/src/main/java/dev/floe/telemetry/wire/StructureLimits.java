package dev.floe.telemetry.wire;

import java.util.function.BooleanSupplier;

/**
 * How much structure one request may have. Bytes alone do not bound the work and the memory that a
 * request takes: a megabyte holds half a million empty messages.
 *
 * @param resources resource fields and groups (with items) of the request, each counted
 * @param items spans, data points or log records
 * @param fields fields of all messages, unknown ones included
 * @param overdue asked now and then; true once the work has taken too long
 */
public record StructureLimits(int resources, int items, int fields, BooleanSupplier overdue) {
  /** No limits beside those of the wire format. */
  public static final StructureLimits NONE =
      new StructureLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, () -> false);
}
