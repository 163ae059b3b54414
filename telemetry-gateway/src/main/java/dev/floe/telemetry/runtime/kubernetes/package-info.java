/** What this service asks Kubernetes: which pods there are. */
@NullMarked
package dev.floe.telemetry.runtime.kubernetes;

import org.jspecify.annotations.NullMarked;
