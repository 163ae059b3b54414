package dev.floe.launcher.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives a span the ids that were stored when it began; every other span gets random ones. */
@Singleton
@Unremovable
public final class StoredIds implements IdGenerator {
  private final IdGenerator random = IdGenerator.random();
  private final ThreadLocal<@Nullable TraceContext> stored = new ThreadLocal<>();

  /** Starts a span whose ids are the context's. */
  <T> T with(TraceContext context, Supplier<T> start) {
    stored.set(context);
    try {
      return start.get();
    } finally {
      stored.remove();
    }
  }

  @Override
  public String generateTraceId() {
    var context = stored.get();
    return context == null ? random.generateTraceId() : context.traceId();
  }

  @Override
  public String generateSpanId() {
    var context = stored.get();
    return context == null ? random.generateSpanId() : context.spanId();
  }
}
