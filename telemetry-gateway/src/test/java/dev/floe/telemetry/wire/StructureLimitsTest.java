package dev.floe.telemetry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Few bytes with much structure cost little. */
class StructureLimitsTest {
  private static final byte[] SPAN = {0x12, 0};
  private static final byte[] GROUP_WITH_SPAN = {0x0a, 4, 0x12, 2, 0x12, 0};

  @Test
  void resourcesAreLimited() {
    // Given
    byte[] bytes = repeated(GROUP_WITH_SPAN, 11);
    // When, then
    assertThat(parse(Arrays.copyOf(bytes, 60), limits(10, 100, 1000)).groups()).hasSize(10);
    assertThatThrownBy(() -> parse(bytes, limits(10, 100, 1000)))
        .isInstanceOf(StructureLimitException.class)
        .hasMessage("more than 10 resources");
  }

  @Test
  void aResourceThatIsRepeatedInItsGroupCountsEachTime() {
    // Given: a group with eleven empty resources
    byte[] bytes = group(repeated(new byte[] {0x0a, 0}, 11));
    // When, then
    assertThatThrownBy(() -> parse(bytes, limits(10, 100, 1000)))
        .hasMessage("more than 10 resources");
  }

  @Test
  void itemsAndFieldsAreLimitedTogetherNotPerGroup() {
    // Given
    byte[] bytes = repeated(GROUP_WITH_SPAN, 6);
    // When, then
    assertThatThrownBy(() -> parse(bytes, limits(10, 5, 1000)))
        .hasMessage("more than 5 spans, data points or log records");
    assertThatThrownBy(() -> parse(bytes, limits(10, 100, 17))).hasMessage("more than 17 fields");
    assertThat(parse(bytes, limits(10, 6, 18)).items()).isEqualTo(6);
  }

  @Test
  void unknownFieldsCount() {
    assertThatThrownBy(() -> parse(repeated(new byte[] {0x78, 1}, 11), limits(10, 10, 10)))
        .hasMessage("more than 10 fields");
  }

  @Test
  void groupsWithoutItemsAreLeftOut() {
    // Given: a million empty groups and one with a span
    byte[] empty = repeated(new byte[] {0x0a, 0}, 1_000_000);
    byte[] bytes = Arrays.copyOf(empty, empty.length + GROUP_WITH_SPAN.length);
    System.arraycopy(GROUP_WITH_SPAN, 0, bytes, empty.length, GROUP_WITH_SPAN.length);
    // When
    var request = parse(bytes, limits(1, 1, 2_000_000));
    // Then
    assertThat(request.groups()).hasSize(1);
    assertThat(request.holdsGroupsOnly()).isFalse();
    assertThat(parse(GROUP_WITH_SPAN, limits(1, 1, 3)).holdsGroupsOnly()).isTrue();
  }

  @Test
  void theClockIsAskedNowAndThen() {
    // Given
    var looks = new AtomicInteger();
    byte[] bytes = repeated(new byte[] {0x78, 1}, 1_000_000);
    var limits = new StructureLimits(1, 1, Integer.MAX_VALUE, () -> looks.incrementAndGet() > 3);
    // When, then
    assertThatThrownBy(() -> OtlpRequest.parse(Signal.TRACES, bytes, limits))
        .isInstanceOf(OverdueException.class);
    assertThat(looks).hasValue(4);
  }

  @Test
  void manyResourcesOfOneGroupCostNoMoreThanTheirBytes() {
    // Given: with a list that grows by one each time this takes minutes
    byte[] bytes = group(repeated(new byte[] {0x0a, 0}, 1_000_000));
    // When
    var request = OtlpRequest.parse(Signal.TRACES, bytes);
    // Then
    assertThat(request.groups().getFirst().resources).hasSize(2_000_000);
  }

  @Test
  void ofManyValuesTheLastIsReadAndLongOnesAreNone() {
    // Given: service.name with a value that is repeated
    byte[] key = "service.name".getBytes(StandardCharsets.UTF_8);
    byte[] many = repeated(new byte[] {0x0a, 1, 'a', 0x0a, 1, 'b'}, 500_000);
    // When, then
    assertThat(name(key, many)).isEqualTo("b");
    assertThat(name(key, new WireWriter(2000).text(1, "n".repeat(1025)).toByteArray())).isNull();
    assertThat(name(key, new WireWriter(2000).text(1, "n".repeat(1024)).toByteArray()))
        .hasSize(1024);
  }

  @Test
  void aMillionScopesAreDividedWithoutGarbageForEach() {
    // Given
    byte[] bytes = group(repeated(new byte[] {0x12, 2, 0x12, 0}, 500_000));
    var group = OtlpRequest.parse(Signal.TRACES, bytes).groups().getFirst();
    var edits = AttributeEdits.builder().set(AttributeKey.of("k8s.pod.name"), "weather-1").build();
    var parts = new AtomicInteger();
    var items = new AtomicInteger();
    // When
    int leftOut =
        GroupSplitter.split(
            Signal.TRACES,
            group,
            edits,
            100_000,
            Integer.MAX_VALUE,
            1000,
            part -> {
              parts.incrementAndGet();
              items.addAndGet(part.items());
              assertThat(part.bytes()).hasSizeLessThanOrEqualTo(100_000);
              var parsed = OtlpRequest.parse(Signal.TRACES, part.bytes());
              assertThat(parsed.groups().getFirst().attribute(AttributeKey.of("k8s.pod.name")))
                  .isEqualTo("weather-1");
            });
    // Then
    assertThat(leftOut).isZero();
    assertThat(items).hasValue(500_001);
    assertThat(parts.get()).isBetween(20, 25);
  }

  private static @Nullable String name(byte[] key, byte[] value) {
    byte[] attribute =
        new WireWriter(value.length + 40).bytes(1, key).bytes(2, value).toByteArray();
    byte[] resource = new WireWriter(attribute.length + 8).bytes(1, attribute).toByteArray();
    byte[] bytes = group(new WireWriter(resource.length + 8).bytes(1, resource).toByteArray());
    return OtlpRequest.parse(Signal.TRACES, bytes)
        .groups()
        .getFirst()
        .attribute(AttributeKey.of("service.name"));
  }

  private static OtlpRequest parse(byte[] bytes, StructureLimits limits) {
    return OtlpRequest.parse(Signal.TRACES, bytes, limits);
  }

  private static StructureLimits limits(int resources, int items, int fields) {
    return new StructureLimits(resources, items, fields, () -> false);
  }

  private static byte[] group(byte[] fields) {
    byte[] all = Arrays.copyOf(fields, fields.length + SPAN.length + 2);
    System.arraycopy(new byte[] {0x12, 2, SPAN[0], SPAN[1]}, 0, all, fields.length, 4);
    return new WireWriter(all.length + 8).bytes(1, all).toByteArray();
  }

  private static byte[] repeated(byte[] unit, int times) {
    byte[] all = new byte[unit.length * times];
    for (int i = 0; i < all.length; i += unit.length) {
      System.arraycopy(unit, 0, all, i, unit.length);
    }
    return all;
  }
}
