package dev.floe.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithoutHeartbeatsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void emptyLinesAreLeftOut(int part) throws IOException {
    // Given
    var sent = "\n[web] one\n\n\n[web] two\n[web] \n\n[web] rest";
    var in = new WithoutHeartbeats(new ByteArrayInputStream(sent.getBytes(StandardCharsets.UTF_8)));
    // When
    var printed = new ByteArrayOutputStream();
    var bytes = new byte[part];
    for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
      printed.write(bytes, 0, read);
    }
    // Then
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo("[web] one\n[web] two\n[web] \n[web] rest");
  }
}
