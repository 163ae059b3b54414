/** Creates that are safe to repeat. */
@NullMarked
package dev.floe.kit.idempotency;

import org.jspecify.annotations.NullMarked;
