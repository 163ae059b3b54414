package dev.floe.launcher.runtime;

/** The runtime refuses what was asked for; repeating the call changes nothing. */
public final class LaunchRefusedException extends RuntimeException {
  private final Obstacle obstacle;

  public LaunchRefusedException(Obstacle obstacle) {
    super(obstacle.message());
    this.obstacle = obstacle;
  }

  public Obstacle obstacle() {
    return obstacle;
  }
}
