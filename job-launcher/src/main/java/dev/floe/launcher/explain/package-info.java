/** Why a run is where it is, and what to do next. */
@NullMarked
package dev.floe.launcher.explain;

import org.jspecify.annotations.NullMarked;
