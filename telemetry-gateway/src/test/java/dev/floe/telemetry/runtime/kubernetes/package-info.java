@NullMarked
package dev.floe.telemetry.runtime.kubernetes;

import org.jspecify.annotations.NullMarked;
