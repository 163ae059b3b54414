/** What every service does alike; nothing of any one service's domain. */
@NullMarked
package dev.floe.kit;

import org.jspecify.annotations.NullMarked;
