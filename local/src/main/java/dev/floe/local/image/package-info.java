/** Local images: an image name means a folder and a Python environment on this machine. */
@NullMarked
package dev.floe.local.image;

import org.jspecify.annotations.NullMarked;
