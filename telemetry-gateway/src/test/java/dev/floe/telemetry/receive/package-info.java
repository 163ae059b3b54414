@NullMarked
package dev.floe.telemetry.receive;

import org.jspecify.annotations.NullMarked;
