/** Platforms as objects of a Kubernetes cluster. */
@NullMarked
package dev.floe.platform.runtime.kubernetes;

import org.jspecify.annotations.NullMarked;
