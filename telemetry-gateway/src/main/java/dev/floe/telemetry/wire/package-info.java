/**
 * OTLP as bytes: walk, check, count, splice resource attributes, split and join, without decoding
 * items.
 */
@NullMarked
package dev.floe.telemetry.wire;

import org.jspecify.annotations.NullMarked;
