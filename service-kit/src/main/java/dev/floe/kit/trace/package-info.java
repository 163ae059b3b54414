/** Which traces the services begin of their own accord. */
@NullMarked
package dev.floe.kit.trace;

import org.jspecify.annotations.NullMarked;
