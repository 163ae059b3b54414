/** The suite on a real Kubernetes: installed as anybody installs it, used through the command. */
@NullMarked
package dev.floe.cluster;

import org.jspecify.annotations.NullMarked;
