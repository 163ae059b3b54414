/**
 * Attempts as Kubernetes Jobs, one each. Observed are only objects with this launcher's label, in
 * namespaces that are in use; a pod on a node that stopped answering counts as running until the
 * cluster itself gives it up, so that an attempt never runs twice.
 */
@NullMarked
package dev.floe.launcher.runtime.kubernetes;

import org.jspecify.annotations.NullMarked;
