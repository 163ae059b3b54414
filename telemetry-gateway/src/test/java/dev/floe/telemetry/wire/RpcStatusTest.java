package dev.floe.telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Answers are written and read as protobuf's own code does it. */
class RpcStatusTest {

  @Test
  void retryInfoIsAnAnyThatProtobufReads() throws Exception {
    // Given
    var status = new RpcStatus(14, "queue full", Duration.ofMillis(2500));
    // When
    byte[] bytes = status.toByteArray();
    // Then
    var in = CodedInputStream.newInstance(bytes);
    assertThat(in.readTag()).isEqualTo(8);
    assertThat(in.readInt32()).isEqualTo(14);
    assertThat(in.readTag()).isEqualTo(18);
    assertThat(in.readString()).isEqualTo("queue full");
    assertThat(in.readTag()).isEqualTo(26);
    var any = Any.parseFrom(in.readByteArray());
    assertThat(any.getTypeUrl()).isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
    var info = any.getValue().newCodedInput();
    assertThat(info.readTag()).isEqualTo(10);
    var delay = com.google.protobuf.Duration.parseFrom(info.readByteArray());
    assertThat(delay.getSeconds()).isEqualTo(2);
    assertThat(delay.getNanos()).isEqualTo(500_000_000);
    assertThat(RpcStatus.parse(bytes)).isEqualTo(status);
  }

  @Test
  void partialSuccessIsWhatProtobufReads() throws Exception {
    // Given
    var response = new ExportResponse(7, "too large");
    // When
    var decoded = ExportTraceServiceResponse.parseFrom(response.toByteArray());
    // Then
    assertThat(decoded.getPartialSuccess())
        .isEqualTo(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(7)
                .setErrorMessage("too large")
                .build());
    assertThat(ExportResponse.parse(decoded.toByteArray())).isEqualTo(response);
    assertThat(ExportResponse.COMPLETE.toByteArray()).isEmpty();
  }
}
