/** The gateway's own spans, on the way that everyone's take. */
@NullMarked
package dev.floe.telemetry.own;

import org.jspecify.annotations.NullMarked;
