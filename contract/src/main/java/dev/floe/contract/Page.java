package dev.floe.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items at most the requested {@code limit} (≤ {@value #MAX_LIMIT})
 * @param nextCursor opaque; pass it as {@code cursor} for the next page; absent on the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  /** Largest {@code limit} of a list. */
  public static final int MAX_LIMIT = 500;

  /** {@code limit} of a list when none is asked for. */
  public static final int DEFAULT_LIMIT = 50;

  public Page {
    items = List.copyOf(items);
  }
}
