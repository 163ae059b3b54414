/** What follows a finished attempt. Pure functions. */
@NullMarked
package dev.floe.launcher.retry;

import org.jspecify.annotations.NullMarked;
