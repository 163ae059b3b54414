/**
 * Delivers to OTLP backends: a bounded queue, batches and retries for each, none slowed by another.
 */
@NullMarked
package dev.floe.telemetry.export;

import org.jspecify.annotations.NullMarked;
