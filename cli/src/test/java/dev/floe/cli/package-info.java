/** The command line against services that a test plays. */
@NullMarked
package dev.floe.cli;

import org.jspecify.annotations.NullMarked;
