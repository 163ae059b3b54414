/** Walks a plan: apply a wave, wait until it is ready, next. */
@NullMarked
package dev.floe.platform.rollout;

import org.jspecify.annotations.NullMarked;
