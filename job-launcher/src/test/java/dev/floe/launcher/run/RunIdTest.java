package dev.floe.launcher.run;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class RunIdTest {
  @Property
  void idsAreLowerCaseBase32OrderedByTime(
      @ForAll @LongRange(min = 0, max = (1L << 48) - 2) long millis) {
    var one = RunId.at(millis);
    assertThat(RunId.isOne(one)).isTrue();
    assertThat(one).hasSize(26).isLessThan(RunId.at(millis + 1));
  }
}
