/** Who sent something: the run, product and domain behind a resource or a connection. */
@NullMarked
package dev.floe.telemetry.enrich;

import org.jspecify.annotations.NullMarked;
