/** Short commands whose output is wanted whole. */
@NullMarked
package dev.floe.local.command;

import org.jspecify.annotations.NullMarked;
