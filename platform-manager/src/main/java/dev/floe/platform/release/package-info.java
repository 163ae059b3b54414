/** Numbered, immutable revisions in PostgreSQL and the journal of their rollouts. */
@NullMarked
package dev.floe.platform.release;

import org.jspecify.annotations.NullMarked;
