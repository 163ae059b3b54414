/** Logs: captured while they are written, readable long after the pod is gone. */
@NullMarked
package dev.floe.launcher.log;

import org.jspecify.annotations.NullMarked;
