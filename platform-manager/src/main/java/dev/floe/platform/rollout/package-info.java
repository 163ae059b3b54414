/** Carries a plan out: applies each component once those that it needs are ready. */
@NullMarked
package dev.floe.platform.rollout;

import org.jspecify.annotations.NullMarked;
