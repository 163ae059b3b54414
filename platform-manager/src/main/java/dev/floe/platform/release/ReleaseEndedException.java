package dev.floe.platform.release;

/** A step of a release that has ended meanwhile: nothing of the step was written down. */
public final class ReleaseEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ReleaseEndedException(String platform, int release) {
    super("release %d of %s has ended".formatted(release, platform));
  }
}
