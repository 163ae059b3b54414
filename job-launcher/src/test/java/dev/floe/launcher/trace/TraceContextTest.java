package dev.floe.launcher.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private static TraceContext parsed(String traceparent) {
    return Objects.requireNonNull(TraceContext.parse(traceparent));
  }

  @Test
  void aCallersContextIsTheParent() {
    // When
    var child = parsed("00-" + TRACE + "-" + SPAN + "-01").child();
    // Then
    assertThat(child.traceId()).isEqualTo(TRACE);
    assertThat(child.parentSpanId()).isEqualTo(SPAN);
    assertThat(child.spanId()).hasSize(16).isNotEqualTo(SPAN);
    assertThat(child.sampled()).isTrue();
    assertThat(parsed(child.traceparent()).spanId()).isEqualTo(child.spanId());
  }

  @Test
  void whatIsNotValidIsNotTaken() {
    assertThat(TraceContext.parse(null)).isNull();
    assertThat(TraceContext.parse("")).isNull();
    assertThat(TraceContext.parse("ff-" + TRACE + "-" + SPAN + "-01")).isNull();
    assertThat(TraceContext.parse("00-" + "0".repeat(32) + "-" + SPAN + "-01")).isNull();
    assertThat(TraceContext.parse("00-" + TRACE + "-" + "0".repeat(16) + "-01")).isNull();
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01-more")).isNull();
  }

  @Test
  void aLaterVersionIsReadAsFarAsItIsKnown() {
    assertThat(parsed("01-" + TRACE + "-" + SPAN + "-00-more").sampled()).isFalse();
  }
}
