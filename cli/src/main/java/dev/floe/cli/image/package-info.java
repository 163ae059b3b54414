/** {@code floe local image}: what an image name means on this machine. */
@NullMarked
package dev.floe.cli.image;

import org.jspecify.annotations.NullMarked;
