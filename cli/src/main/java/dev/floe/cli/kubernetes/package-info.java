/** The way into a cluster: port-forwards and the token's Secret. */
@NullMarked
package dev.floe.cli.kubernetes;

import org.jspecify.annotations.NullMarked;
