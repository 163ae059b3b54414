/** What the gateway says about itself: over REST and as metrics. */
@NullMarked
package dev.floe.telemetry.status;

import org.jspecify.annotations.NullMarked;
