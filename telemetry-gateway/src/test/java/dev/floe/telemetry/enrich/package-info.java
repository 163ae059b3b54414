@NullMarked
package dev.floe.telemetry.enrich;

import org.jspecify.annotations.NullMarked;
