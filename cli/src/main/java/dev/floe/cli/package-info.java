/** The {@code floe} command: its options, exit codes and the way it fails. */
@NullMarked
package dev.floe.cli;

import org.jspecify.annotations.NullMarked;
