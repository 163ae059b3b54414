/** {@code floe demo}: from a clean clone to a green pipeline. */
@NullMarked
package dev.floe.cli.demo;

import org.jspecify.annotations.NullMarked;
