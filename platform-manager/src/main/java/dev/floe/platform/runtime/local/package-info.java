/** Platforms as supervised processes of one machine. */
@NullMarked
package dev.floe.platform.runtime.local;

import org.jspecify.annotations.NullMarked;
