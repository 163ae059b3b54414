package dev.floe.contract.platform;

import java.util.List;
import java.util.Map;

/**
 * A system that can be deployed, and what a manifest may say of it.
 *
 * @param images by name, without a registry
 * @param settings of {@code config}
 */
public record BlueprintDetails(
    BlueprintSummary summary, Map<String, String> images, List<Setting> settings) {
  public BlueprintDetails {
    images = Map.copyOf(images);
    settings = List.copyOf(settings);
  }

  /**
   * One key of {@code config}.
   *
   * @param type as in JSON Schema
   * @param fallback what holds without it, as JSON; empty for nothing
   */
  public record Setting(
      String name, String type, boolean required, String fallback, String description) {}
}
