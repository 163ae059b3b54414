@NullMarked
package dev.floe.telemetry.wire;

import org.jspecify.annotations.NullMarked;
