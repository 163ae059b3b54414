/** A plan as text. */
@NullMarked
package dev.floe.platform.render;

import org.jspecify.annotations.NullMarked;
