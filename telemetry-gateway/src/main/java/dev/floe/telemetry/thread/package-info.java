/** Threads that live as long as the gateway. */
@NullMarked
package dev.floe.telemetry.thread;

import org.jspecify.annotations.NullMarked;
