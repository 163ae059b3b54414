/** Runs that wait: looked at when due, held with a reason or begun. */
@NullMarked
package dev.floe.launcher.queue;

import org.jspecify.annotations.NullMarked;
