package dev.floe.platform.manifest;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The systems that can be deployed, as far as a manifest refers to them. */
public interface SystemCatalog {
  /** Every system. */
  Set<String> systems();

  /** The systems that can fill a kind of plugin. */
  Set<String> systems(String kind);

  /** What the {@code config} of a system may hold; null when there is no such system. */
  Shape.@Nullable Fields config(String system);

  /** The version that is deployed of a system; null when there is no such system. */
  @Nullable String version(String system);

  /** Whether a system has workloads of its own. */
  boolean runs(String system);

  /** Whether a system has a workload that can have several replicas. */
  boolean scales(String system);
}
