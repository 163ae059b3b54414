package dev.floe.platform.runtime;

import java.time.Duration;
import java.util.Optional;

/** Where platforms run, for tests that start no application. */
public record TestRuntimeConfig() implements RuntimeConfig {
  @Override
  public String imageRegistry() {
    return "";
  }

  @Override
  public String suiteNamespace() {
    return "";
  }

  @Override
  public String jobLauncherServiceAccount() {
    return "";
  }

  @Override
  public String jobLauncherClusterRole() {
    return "";
  }

  @Override
  public Optional<String> jobLauncherUrl() {
    return Optional.empty();
  }

  @Override
  public Optional<String> otlpEndpoint() {
    return Optional.empty();
  }

  @Override
  public Duration failureGrace() {
    return Duration.ofMinutes(1);
  }
}
