package dev.floe.launcher.feed;

import java.util.Optional;

/** A hint to look: something about a run changed. */
public record Notice(Kind kind, String runId) {
  /** What changed. */
  public enum Kind {
    /** A run waits or may continue. */
    QUEUE,
    /** The state of a run or of its attempt. */
    STATE,
    /** More log was captured. */
    LOG
  }

  String payload() {
    return kind.name() + " " + runId;
  }

  static Optional<Notice> parse(String payload) {
    int space = payload.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    for (var kind : Kind.values()) {
      if (kind.name().contentEquals(payload.subSequence(0, space))) {
        return Optional.of(new Notice(kind, payload.substring(space + 1)));
      }
    }
    return Optional.empty();
  }
}
