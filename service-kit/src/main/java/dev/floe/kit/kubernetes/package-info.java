/** Kubernetes Events, and what native executables need of the client. */
@NullMarked
package dev.floe.kit.kubernetes;

import org.jspecify.annotations.NullMarked;
