package dev.floe.kit.trace;

import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.quarkus.arc.Unremovable;
import io.quarkus.opentelemetry.runtime.AutoConfiguredOpenTelemetrySdkBuilderCustomizer;
import jakarta.inject.Singleton;

/** Puts {@link RootSpans} over the sampler that is configured. */
@Singleton
@Unremovable
class TraceSetup implements AutoConfiguredOpenTelemetrySdkBuilderCustomizer {
  @Override
  public void customize(AutoConfiguredOpenTelemetrySdkBuilder builder) {
    builder.addSamplerCustomizer((sampler, config) -> RootSpans.over(sampler));
  }
}
