/**
 * Processes that outlive their starter: a small Python supervisor per process, and the Java side of
 * its files.
 */
@NullMarked
package dev.floe.local.process;

import org.jspecify.annotations.NullMarked;
