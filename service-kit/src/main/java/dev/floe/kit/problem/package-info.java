/** Errors as problem details (RFC 9457), made in one place. */
@NullMarked
package dev.floe.kit.problem;

import org.jspecify.annotations.NullMarked;
