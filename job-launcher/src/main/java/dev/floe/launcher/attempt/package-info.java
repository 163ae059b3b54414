/** One try of a run: claimed with a lease, launched once, followed to its end. */
@NullMarked
package dev.floe.launcher.attempt;

import org.jspecify.annotations.NullMarked;
