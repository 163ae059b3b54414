/** Removes what was kept long enough. */
@NullMarked
package dev.floe.launcher.retention;

import org.jspecify.annotations.NullMarked;
