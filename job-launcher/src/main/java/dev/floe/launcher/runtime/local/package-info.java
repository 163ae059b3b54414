/**
 * Attempts as supervised processes of this machine: a folder each, which outlives the launcher and
 * is found again after its restart.
 */
@NullMarked
package dev.floe.launcher.runtime.local;

import org.jspecify.annotations.NullMarked;
