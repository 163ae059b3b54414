/** Secrets as files, the local stand-in of Kubernetes Secrets. */
@NullMarked
package dev.floe.local.secret;

import org.jspecify.annotations.NullMarked;
