/** PostgreSQL on this machine, from binaries that come as a jar, under floe's own supervisor. */
@NullMarked
package dev.floe.local.postgresql;

import org.jspecify.annotations.NullMarked;
