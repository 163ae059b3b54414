package dev.floe.cli.rest;

/** The three services, by the name that folders, Deployments and messages use. */
public enum ServiceName {
  PLATFORM_MANAGER("platform-manager"),
  JOB_LAUNCHER("job-launcher"),
  TELEMETRY_GATEWAY("telemetry-gateway");

  private final String value;

  ServiceName(String value) {
    this.value = value;
  }

  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
