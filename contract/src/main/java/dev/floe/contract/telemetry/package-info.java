/** What telemetry-gateway says about what it received and delivered. */
@NullMarked
package dev.floe.contract.telemetry;

import org.jspecify.annotations.NullMarked;
