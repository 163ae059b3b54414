package dev.floe.platform.blueprint;

/** A blueprint that does not hold together: a fault of floe, not of the manifest. */
public final class BlueprintException extends RuntimeException {
  public BlueprintException(String message) {
    super(message);
  }

  public BlueprintException(String message, Throwable cause) {
    super(message, cause);
  }
}
