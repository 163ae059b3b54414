/** {@code floe platform}: deploy, compare, look at and remove platforms. */
@NullMarked
package dev.floe.cli.platform;

import org.jspecify.annotations.NullMarked;
