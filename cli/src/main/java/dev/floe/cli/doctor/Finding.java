package dev.floe.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param state whether it is there
 * @param found what is there
 * @param remedy how to get what is missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Finding(String check, State state, String found, @Nullable String remedy) {
  /** How it is. */
  enum State {
    OK,
    MISSING
  }

  static Finding ok(String check, String found) {
    return new Finding(check, State.OK, found, null);
  }

  static Finding missing(String check, String found, String remedy) {
    return new Finding(check, State.MISSING, found, remedy);
  }
}
