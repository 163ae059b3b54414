package dev.floe.kit.idempotency;

import dev.floe.contract.Names;
import dev.floe.kit.problem.FloeException;
import org.jspecify.annotations.Nullable;

/** Checks the header {@code Idempotency-Key}. */
public final class IdempotencyKey {
  private IdempotencyKey() {}

  /**
   * The key as it was sent; null without one.
   *
   * @throws FloeException when it is empty, too long, or not of printable ASCII: other characters
   *     change on their way in a header, so that different keys could become the same
   */
  public static @Nullable String checked(@Nullable String key) {
    if (key != null
        && (key.length() > Names.IDEMPOTENCY_KEY_MAX
            || !key.matches(Names.IDEMPOTENCY_KEY_PATTERN))) {
      throw FloeException.invalid(Names.IDEMPOTENCY_KEY, Names.IDEMPOTENCY_KEY_MESSAGE);
    }
    return key;
  }
}
