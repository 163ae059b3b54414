/** Unsafe configuration stops the start. */
@NullMarked
package dev.floe.kit.startup;

import org.jspecify.annotations.NullMarked;
