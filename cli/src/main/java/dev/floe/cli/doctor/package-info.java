/** {@code floe doctor}: what is missing, and how to get it. */
@NullMarked
package dev.floe.cli.doctor;

import org.jspecify.annotations.NullMarked;
