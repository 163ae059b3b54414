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
  /** Tasks by address; whose turn is next stands first. */
  private final SequencedMap<Object, Turns> waiting = new LinkedHashMap<>();

  private int size;

  /** Tasks of one address by connection; whose turn is next stands first. */
  private static final class Turns {
    private final SequencedMap<Object, Deque<Runnable>> connections = new LinkedHashMap<>();
    private int size;
  }

  int size() {
    return size;
  }

  /**
   * @return tasks that came from an address
   */
  int size(Object address) {
    var turns = waiting.get(address);
    return turns == null ? 0 : turns.size;
  }

  void add(Object address, Object connection, Runnable task) {
    var turns = waiting.computeIfAbsent(address, key -> new Turns());
    turns.connections.computeIfAbsent(connection, key -> new ArrayDeque<>(2)).add(task);
    turns.size++;
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
    var turns = byAddress.getValue();
    var byConnection = turns.connections.pollFirstEntry();
    var task = byConnection.getValue().remove();
    turns.size--;
    size--;
    // Whoever has more to be done queues up again behind the others.
    if (!byConnection.getValue().isEmpty()) {
      turns.connections.put(byConnection.getKey(), byConnection.getValue());
    }
    if (!turns.connections.isEmpty()) {
      waiting.put(byAddress.getKey(), turns);
    }
    return task;
  }
}
