/** Python interpreters of this machine and environments made from hash-locked requirements. */
@NullMarked
package dev.floe.local.python;

import org.jspecify.annotations.NullMarked;
