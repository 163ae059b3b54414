package dev.floe.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DeflatedTest {
  @Property
  void whatIsDeflatedComesBack(@ForAll byte[] bytes) {
    var length = bytes.length / 2;
    assertThat(Deflated.inflate(Deflated.of(bytes, length), length))
        .isEqualTo(Arrays.copyOf(bytes, length));
  }
}
