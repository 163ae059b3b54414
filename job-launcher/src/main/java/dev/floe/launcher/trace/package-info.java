/** The trace of a run, which outlives any one launcher. */
@NullMarked
package dev.floe.launcher.trace;

import org.jspecify.annotations.NullMarked;
