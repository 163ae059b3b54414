@NullMarked
package dev.floe.telemetry.export;

import org.jspecify.annotations.NullMarked;
