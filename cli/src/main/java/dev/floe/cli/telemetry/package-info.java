/** {@code floe telemetry}: what went through the gateway. */
@NullMarked
package dev.floe.cli.telemetry;

import org.jspecify.annotations.NullMarked;
