/** What each component was last seen to be, and the scheduled look that keeps it current. */
@NullMarked
package dev.floe.platform.status;

import org.jspecify.annotations.NullMarked;
