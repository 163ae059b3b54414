/** The port behind which platforms run: on Kubernetes or as processes of one machine. */
@NullMarked
package dev.floe.platform.runtime;

import org.jspecify.annotations.NullMarked;
