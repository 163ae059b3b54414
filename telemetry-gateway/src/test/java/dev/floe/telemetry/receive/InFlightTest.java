package dev.floe.telemetry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The memory of requests under way is bounded, and no address takes all of it. */
class InFlightTest {
  private static final String HOG = "10.0.0.1";
  private static final String OTHER = "10.0.0.2";

  @Test
  void oneAddressLeavesMemoryToOthers() {
    // Given: an address that holds what it gets, in several requests
    var inFlight = new InFlight(64, 10);
    var first = inFlight.open(HOG);
    var second = inFlight.open(HOG);
    assertThat(first.take(16)).isTrue();
    assertThat(second.take(16)).isTrue();
    assertThat(inFlight.open(HOG).take(1)).isFalse();
    // When, then
    assertThat(inFlight.open(OTHER).take(32)).isTrue();
    assertThat(inFlight.held()).isEqualTo(64);
    // When: it gives back
    first.give(6);
    second.close();
    // Then
    assertThat(inFlight.held()).isEqualTo(42);
    assertThat(inFlight.open(HOG).take(22)).isTrue();
    assertThat(inFlight.open(HOG).take(1)).isFalse();
  }

  @Test
  void theLargestRequestFitsIntoTheShareOfAnAddress() {
    // Given: as it came, as one piece, and as it is queued
    var inFlight = new InFlight(64, 16);
    var request = inFlight.open(HOG);
    // When, then
    assertThat(request.take(48)).isTrue();
    assertThat(inFlight.open(HOG).take(1)).isFalse();
    assertThat(inFlight.open(OTHER).take(16)).isTrue();
  }

  @Test
  void allTogetherAreBoundedTheGatewaysOwnToo() {
    // Given
    var inFlight = new InFlight(64, 10);
    assertThat(inFlight.open().take(60)).isTrue();
    // When, then
    assertThat(inFlight.open(HOG).take(5)).isFalse();
    assertThat(inFlight.open(HOG).take(4)).isTrue();
    assertThat(inFlight.held()).isEqualTo(64);
  }
}
