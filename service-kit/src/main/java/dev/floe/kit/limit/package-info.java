/** Limits on what a caller may send. */
@NullMarked
package dev.floe.kit.limit;

import org.jspecify.annotations.NullMarked;
