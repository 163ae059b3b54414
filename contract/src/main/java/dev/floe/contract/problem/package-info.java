/** Problem details (RFC 9457) and the closed list of problem types. */
@NullMarked
package dev.floe.contract.problem;

import org.jspecify.annotations.NullMarked;
