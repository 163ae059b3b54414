package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.Signal;
import java.util.List;

/**
 * A piece of telemetry that is queued, and joined with others, as a whole: an OTLP request.
 *
 * @param bytes the request
 * @param shares whose items are in it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost what splicing saves
public record Chunk(Signal signal, byte[] bytes, List<Share> shares) {
  /** Items of one sender in a chunk. */
  public record Share(String sender, int items) {}

  /**
   * @return items of all senders
   */
  int items() {
    int items = 0;
    for (var share : shares) {
      items += share.items();
    }
    return items;
  }
}
