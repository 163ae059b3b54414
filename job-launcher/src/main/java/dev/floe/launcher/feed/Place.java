package dev.floe.launcher.feed;

import dev.floe.kit.problem.FloeException;
import java.util.regex.Pattern;

/**
 * Where an event stands among the events of all runs.
 *
 * @param position number of the transaction that wrote it
 */
public record Place(long position, String runId, long sequence) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9a-z]{26})-([0-9]{1,9})");

  /**
   * Reads the id of an event.
   *
   * @throws FloeException when it is none
   */
  public static Place parse(String id) {
    var match = FORM.matcher(id);
    if (!match.matches()) {
      throw FloeException.invalid("Last-Event-ID", "is not an id that an event of this stream had");
    }
    return new Place(
        Long.parseLong(match.group(1)), match.group(2), Long.parseLong(match.group(3)));
  }

  /** As the id of an event. */
  public String id() {
    return position + "-" + runId + "-" + sequence;
  }
}
