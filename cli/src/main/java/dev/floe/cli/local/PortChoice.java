package dev.floe.cli.local;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Decides where the suite listens: what the user says, else what it was, else the usual, else any
 * free port.
 */
final class PortChoice {
  private final Predicate<Port> ours;
  private final IntPredicate free;
  private final AnyFree anyFree;

  /** Finds some free port. */
  @FunctionalInterface
  interface AnyFree {
    int find() throws IOException;
  }

  /**
   * @param ours whether the present listener on the remembered port is the suite's own
   * @param free whether nothing listens there
   * @param anyFree finds a port where nothing listens
   */
  PortChoice(Predicate<Port> ours, IntPredicate free, AnyFree anyFree) {
    this.ours = ours;
    this.free = free;
    this.anyFree = anyFree;
  }

  /**
   * @param configured what the user says
   * @param known what it was at the last start
   * @throws CommandFailure a configured port is in use by something else
   */
  Map<Port, Integer> choose(Map<Port, Integer> configured, Map<Port, Integer> known)
      throws IOException {
    var chosen = new EnumMap<Port, Integer>(Port.class);
    Set<Integer> taken = new TreeSet<>(configured.values());
    for (var port : Port.values()) {
      var number = configured.get(port);
      if (number == null) {
        number = unconfigured(port, known, taken);
      } else if (!free.test(number) && !(number.equals(known.get(port)) && ours.test(port))) {
        throw new CommandFailure(
            ExitCode.CONFLICT,
            "Port %d, configured for %s, is in use by another program."
                .formatted(number, port.value()),
            "end that program, or choose another port: floe local up --%s-port PORT"
                .formatted(port.value()),
            "floe local up   (without the option a free port is taken)");
      }
      chosen.put(port, number);
      taken.add(number);
    }
    return chosen;
  }

  private int unconfigured(Port port, Map<Port, Integer> known, Set<Integer> taken)
      throws IOException {
    var before = known.get(port);
    if (before != null && !taken.contains(before) && (ours.test(port) || free.test(before))) {
      return before;
    }
    if (!taken.contains(port.usual()) && free.test(port.usual())) {
      return port.usual();
    }
    var number = anyFree.find();
    while (taken.contains(number)) {
      number = anyFree.find();
    }
    return number;
  }
}
