@NullMarked
package dev.floe.telemetry.own;

import org.jspecify.annotations.NullMarked;
