@NullMarked
package dev.floe.telemetry.thread;

import org.jspecify.annotations.NullMarked;
