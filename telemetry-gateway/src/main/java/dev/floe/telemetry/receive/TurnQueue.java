package dev.floe.telemetry.receive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that take turns, first by the address that they came from, then by the connection: who has
 * many waits behind who has one. Not safe for use by several threads.
 */
final class TurnQueue {
  /** Tasks by connection by address; whose turn is next stands first. */
  private final SequencedMap<Object, SequencedMap<Object, Deque<Runnable>>> waiting =
      new LinkedHashMap<>();

  private int size;

  int size() {
    return size;
  }

  void add(Object address, Object connection, Runnable task) {
    waiting
        .computeIfAbsent(address, key -> new LinkedHashMap<>())
        .computeIfAbsent(connection, key -> new ArrayDeque<>(2))
        .add(task);
    size++;
  }

  /**
   * @return the task whose turn it is, null where there is none
   */
  @Nullable Runnable poll() {
    var byAddress = waiting.pollFirstEntry();
    if (byAddress == null) {
      return null;
    }
    var connections = byAddress.getValue();
    var byConnection = connections.pollFirstEntry();
    var task = byConnection.getValue().remove();
    size--;
    // Whoever has more to be done queues up again behind the others.
    if (!byConnection.getValue().isEmpty()) {
      connections.put(byConnection.getKey(), byConnection.getValue());
    }
    if (!connections.isEmpty()) {
      waiting.put(byAddress.getKey(), connections);
    }
    return task;
  }
}
