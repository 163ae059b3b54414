package dev.floe.local.image;

import dev.floe.local.LocalException;

/** An image name that nobody defined on this machine. */
public final class UnknownImageException extends LocalException {
  private static final long serialVersionUID = 1L;

  UnknownImageException(String image) {
    super(
        "The image " + image + " is not defined on this machine.",
        "Define it: floe local image add " + image + " --source DIR --requirements FILE");
  }
}
