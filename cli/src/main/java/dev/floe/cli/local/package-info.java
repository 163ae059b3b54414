/** {@code floe local}: the three services and their database on this machine. */
@NullMarked
package dev.floe.cli.local;

import org.jspecify.annotations.NullMarked;
