package dev.floe.telemetry.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.floe.telemetry.ledger.SenderNames;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.ResourceSplicer;
import dev.floe.telemetry.wire.Signal;
import dev.floe.test.OtlpBackend;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose word stands about who sent something. */
class EnricherTest {
  private static final Pod ATTEMPT =
      new Pod(
          "u1",
          "climate",
          "r1-1-x",
          List.of("10.0.0.1"),
          "n1",
          "r1-1",
          "climate",
          "weather",
          "daily",
          "r1",
          "1",
          false);
  private static final Pod VICTIM =
      new Pod(
          "u-victim",
          "finance",
          "payroll-1",
          List.of("10.0.0.9"),
          "n2",
          "j2",
          "finance",
          "payroll",
          "daily",
          "r-victim",
          "1",
          false);
  private static final Named NOBODY = new Named(Map.of(), "unknown");
  private static final Pod RELAY =
      new Pod(
          "u2",
          "floe",
          "relay-0",
          List.of("10.0.0.2"),
          "n1",
          null,
          null,
          null,
          null,
          null,
          null,
          false);

  private final PodDirectory directory =
      new PodDirectory(Duration.ofMinutes(10), 10, 10, System::nanoTime);
  private final SenderNames senders = SenderNames.upTo(10);
  private final Enricher enricher = new Enricher(true, Duration.ofMillis(50), directory, senders);

  @Test
  void anAttemptSpeaksForItselfOnly() {
    // Given
    directory.put(ATTEMPT);
    var request =
        request(Map.of("floe.product", "billing", "floe.run.id", "other", "service.name", "dlt"));
    // When
    var named = attribute(enricher, request, "10.0.0.1");
    // Then
    assertThat(named.attributes())
        .containsAllEntriesOf(
            Map.of(
                "floe.domain", "climate",
                "floe.product", "weather",
                "floe.pipeline", "daily",
                "floe.run.id", "r1",
                "floe.attempt", "1",
                "k8s.namespace.name", "climate",
                "k8s.pod.name", "r1-1-x",
                "k8s.pod.uid", "u1",
                "k8s.job.name", "r1-1",
                "k8s.node.name", "n1"))
        .containsEntry("service.namespace", "climate")
        .containsEntry("service.name", "dlt");
    assertThat(named.sender()).isEqualTo("climate/weather");
  }

  @Test
  void aRelayPassesOnWhatOthersSaidOfThemselves() {
    // Given
    directory.put(ATTEMPT);
    directory.put(RELAY);
    var request = request(Map.of("k8s.pod.uid", "u1", "floe.attempt", "7"));
    // When
    var named = attribute(enricher, request, "10.0.0.2");
    // Then
    assertThat(named.attributes())
        .containsEntry("floe.product", "weather")
        .containsEntry("floe.attempt", "7")
        .containsEntry("k8s.pod.name", "r1-1-x");
    assertThat(named.sender()).isEqualTo("climate/weather");
  }

  @Test
  void aPodThatNamesNoOtherIsMeantItself() {
    // Given
    directory.put(RELAY);
    // When
    var named = attribute(enricher, request(Map.of("service.name", "dagster")), "10.0.0.2");
    // Then
    assertThat(named.attributes())
        .containsEntry("k8s.pod.name", "relay-0")
        .containsEntry("service.namespace", "floe")
        .doesNotContainKey("floe.product");
    assertThat(named.sender()).isEqualTo("service:dagster");
  }

  @Test
  void findsAPodByNameOrAddressInTheResource() {
    // Given
    directory.put(ATTEMPT);
    // When
    var byName =
        attribute(
            enricher,
            request(Map.of("k8s.pod.name", "r1-1-x", "k8s.namespace.name", "climate")),
            null);
    var byAddress = attribute(enricher, request(Map.of("k8s.pod.ip", "10.0.0.1")), null);
    // Then
    assertThat(byName.attributes()).containsEntry("floe.run.id", "r1");
    assertThat(byAddress.attributes()).containsEntry("floe.run.id", "r1");
  }

  @Test
  void waitsAMomentForAPodThatIsNotKnownYet() {
    // Given
    var patient = new Enricher(true, Duration.ofMinutes(1), directory, senders);
    var pending = patient.attribute(request(Map.of()), "10.0.0.1").toCompletableFuture();
    assertThat(pending).isNotDone();
    // When
    directory.put(ATTEMPT);
    // Then
    await().atMost(Duration.ofSeconds(60)).until(pending::isDone);
    assertThat(pending.join().getFirst().sender()).isEqualTo("climate/weather");
  }

  @Test
  void aResourceThatNamesAPodNotKnownYetIsNotNamedAfterTheEarlierOwnerOfItsAddress() {
    // Given: the end of the pod that had the address was not delivered yet
    directory.put(ATTEMPT);
    var request =
        request(Map.of("k8s.pod.uid", "u9", "floe.run.id", "r9", "floe.product", "billing"));
    // When
    var named = attribute(enricher, request, "10.0.0.1");
    // Then
    assertThat(named.attributes()).isEmpty();
    assertThat(named.sender()).isEqualTo("unknown");
    assertThat(enricher.conflicts()).isEqualTo(1);
  }

  @Test
  void anAttemptIsNotNamedAfterAnotherThatItClaimsToBe() {
    // Given
    directory.put(ATTEMPT);
    directory.put(VICTIM);
    for (var claim :
        List.of(
            Map.of("k8s.pod.uid", "u-victim"),
            Map.of("k8s.pod.name", "payroll-1", "k8s.namespace.name", "finance"))) {
      // When
      var named = attribute(enricher, request(claiming(claim)), "10.0.0.1");
      // Then
      assertThat(named).isEqualTo(NOBODY);
    }
    assertThat(enricher.conflicts()).isEqualTo(2);
  }

  @Test
  void anAttemptThatClaimsToBeAPodThatNobodyKnowsHasNoName() {
    // Given
    directory.put(ATTEMPT);
    // When
    var named = attribute(enricher, request(claiming(Map.of("k8s.pod.uid", "nobody"))), "10.0.0.1");
    // Then
    assertThat(named).isEqualTo(NOBODY);
    assertThat(enricher.conflicts()).isEqualTo(1);
  }

  @Test
  void anAttemptIsNotNamedAfterOneThatHasEndedElsewhere() {
    // Given
    directory.put(ATTEMPT);
    directory.put(VICTIM);
    directory.delete("u-victim");
    // When, then
    assertThat(
            attribute(enricher, request(claiming(Map.of("k8s.pod.uid", "u-victim"))), "10.0.0.1"))
        .isEqualTo(NOBODY);
  }

  @Test
  void theLastTelemetryOfAnAttemptIsItsOwnAlsoWhereItsAddressHasANewOwner() {
    // Given
    directory.put(attempt("u0", "r0-1-z", List.of("10.0.0.1"), false));
    directory.put(attempt("u0", "r0-1-z", List.of("10.0.0.1"), true));
    directory.put(ATTEMPT);
    // When
    var byUid = attribute(enricher, request(claiming(Map.of("k8s.pod.uid", "u0"))), "10.0.0.1");
    var byName =
        attribute(
            enricher,
            request(Map.of("k8s.pod.name", "r0-1-z", "k8s.namespace.name", "climate")),
            "10.0.0.1");
    // Then: by what is known about it, not by what it says
    assertThat(byUid.attributes())
        .containsEntry("k8s.pod.name", "r0-1-z")
        .containsEntry("floe.product", "weather")
        .containsEntry("floe.run.id", "u0");
    assertThat(byUid.sender()).isEqualTo("climate/weather");
    assertThat(byName).isEqualTo(NOBODY);
  }

  @Test
  void anAttemptWhoseAddressIsNotKnownYetIsNamedByItsUid() {
    // Given: one has a node, the other waits for one, so no container of it runs
    directory.put(ATTEMPT);
    directory.put(attempt("u9", "r9-1-y", List.of(), false));
    directory.put(
        new Pod(
            "u8", "climate", "r8-1", List.of(), null, null, "climate", "weather", null, "u8", "1",
            false));
    // When, then
    assertThat(
            attribute(enricher, request(claiming(Map.of("k8s.pod.uid", "u9"))), "10.0.0.1")
                .attributes())
        .containsEntry("k8s.pod.name", "r9-1-y")
        .containsEntry("floe.domain", "climate")
        .containsEntry("floe.run.id", "u9");
    assertThat(attribute(enricher, request(claiming(Map.of("k8s.pod.uid", "u8"))), "10.0.0.1"))
        .isEqualTo(NOBODY);
  }

  private static Map<String, String> claiming(Map<String, String> identity) {
    var claims = new HashMap<>(identity);
    claims.put("floe.domain", "finance");
    claims.put("floe.product", "payroll");
    claims.put("floe.run.id", "r-victim");
    return claims;
  }

  @Test
  void aResourceWaitsForThePodThatItNames() {
    // Given
    directory.put(ATTEMPT);
    var patient = new Enricher(true, Duration.ofMinutes(1), directory, senders);
    var request = request(Map.of("k8s.pod.uid", "u9", "floe.product", "billing"));
    var pending = patient.attribute(request, "10.0.0.1").toCompletableFuture();
    assertThat(pending).isNotDone();
    // When: the next owner of the address becomes known, before the end of the earlier one does
    directory.put(attempt("u9", "r9-1-y", List.of("10.0.0.1"), false));
    // Then
    await().atMost(Duration.ofSeconds(60)).until(pending::isDone);
    assertThat(pending.join().getFirst().sender()).isEqualTo("climate/weather");
    assertThat(attribute(patient, request, "10.0.0.1").attributes())
        .containsEntry("k8s.pod.name", "r9-1-y")
        .containsEntry("floe.product", "weather");
    assertThat(patient.conflicts()).isZero();
  }

  @Test
  void anAddressThatTwoPodsSeemToHoldNamesNeither() {
    // Given
    directory.put(ATTEMPT);
    directory.put(attempt("u9", "r9-1-y", List.of("10.0.0.1"), false));
    // When
    var named = attribute(enricher, request(Map.of("service.name", "dlt")), "10.0.0.1");
    // Then
    assertThat(named.attributes()).isEqualTo(Map.of("service.name", "dlt"));
    // When: the watch delivers the end of the earlier one
    directory.delete("u1");
    // Then
    assertThat(attribute(enricher, request(Map.of("service.name", "dlt")), "10.0.0.1").attributes())
        .containsEntry("k8s.pod.uid", "u9");
  }

  @Test
  void theLastTelemetryOfADeletedPodIsNamedAtOnce() {
    // Given
    directory.put(ATTEMPT);
    directory.delete("u1");
    var patient = new Enricher(true, Duration.ofMinutes(1), directory, senders);
    var request = request(Map.of("k8s.pod.uid", "u1"));
    // When
    var pending = patient.attribute(request, "10.0.0.1").toCompletableFuture();
    // Then
    assertThat(pending).isDone();
    assertThat(pending.join().getFirst().sender()).isEqualTo("climate/weather");
  }

  @Test
  void anIpv6PeerIsRecognisedHoweverItsAddressIsWritten() throws Exception {
    // Given: as Kubernetes writes the addresses of a pod with both families
    directory.put(attempt("u9", "r9-1-y", List.of("10.244.0.5", "fd00:10:244::5"), false));
    var request = request(Map.of("service.name", "dlt"));
    // When, then: as Java writes the address of a connection
    var peer = InetAddress.ofLiteral("fd00:10:244::5").getHostAddress();
    assertThat(peer).isNotEqualTo("fd00:10:244::5");
    for (var address : List.of(peer, peer + "%eth0", "10.244.0.5", "::ffff:10.244.0.5")) {
      assertThat(attribute(enricher, request, address).attributes())
          .containsEntry("k8s.pod.uid", "u9");
    }
    var claim = request(Map.of("k8s.pod.ip", "FD00:10:244:0::5"));
    assertThat(attribute(enricher, claim, null).attributes()).containsEntry("k8s.pod.uid", "u9");
  }

  @Test
  void whoeverWaitsIsServedByAThreadOfItsOwn() throws Exception {
    // Given: two requests that wait, and the first keeps the thread that continues with it
    var patient = new Enricher(true, Duration.ofMinutes(1), directory, senders);
    var first = patient.attribute(request(Map.of()), "10.0.0.1").toCompletableFuture();
    var second = patient.attribute(request(Map.of()), "10.0.0.1").toCompletableFuture();
    var release = new CountDownLatch(1);
    var threads = new ConcurrentLinkedQueue<Thread>();
    var blocked =
        first.thenAccept(done -> {
          threads.add(Thread.currentThread());
          awaitQuietly(release);
        });
    var served = second.thenAccept(done -> threads.add(Thread.currentThread()));
    // When: the watch delivers the pod
    directory.put(ATTEMPT);
    // Then: it continued, and the second request did not wait for the first
    await().atMost(Duration.ofSeconds(60)).until(served::isDone);
    await().atMost(Duration.ofSeconds(60)).until(() -> threads.size() == 2);
    assertThat(blocked).isNotDone();
    assertThat(threads).doesNotContain(Thread.currentThread()).doesNotHaveDuplicates();
    release.countDown();
    blocked.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aRequestIsNeverHeldUpByAChangeOfTheDirectory() throws Exception {
    // Given: somebody changes the directory for long
    var patient = new Enricher(true, Duration.ofMinutes(1), directory, senders);
    CompletableFuture<Boolean> returned;
    synchronized (directory) {
      // When
      returned =
          CompletableFuture.supplyAsync(() ->
              !patient.attribute(request(Map.of()), "10.0.0.1").toCompletableFuture().isDone());
      // Then
      assertThat(returned.get(60, TimeUnit.SECONDS)).isTrue();
    }
    directory.put(ATTEMPT);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Pod attempt(String uid, String name, List<String> ips, boolean finished) {
    return new Pod(
        uid, "climate", name, ips, "n1", null, "climate", "weather", null, uid, "1", finished);
  }

  @Test
  void goesOnWithoutAPodThatDoesNotCome() {
    // When
    var named = attribute(enricher, request(Map.of("floe.product", "weather")), "10.9.9.9");
    // Then
    assertThat(named.sender()).isEqualTo("weather");
    assertThat(named.attributes()).isEqualTo(Map.of("floe.product", "weather"));
  }

  @Test
  void locallyResourcesSpeakForThemselves() {
    // Given
    var local = new Enricher(false, Duration.ofMinutes(1), directory, senders);
    var request = request(Map.of("floe.domain", "climate", "floe.product", "weather"));
    // When
    var named = attribute(local, request, "127.0.0.1");
    // Then
    assertThat(named.sender()).isEqualTo("climate/weather");
    assertThat(named.attributes())
        .isEqualTo(
            Map.of(
                "floe.domain", "climate",
                "floe.product", "weather",
                "service.namespace", "climate"));
  }

  @Test
  void allSendersPastTheLimitAreOne() {
    // Given
    var few = SenderNames.upTo(1);
    // When, then
    assertThat(few.name("a", "b", null)).isEqualTo("a/b");
    assertThat(few.name("a", "c", null)).isEqualTo("others");
    assertThat(few.name("a", "b", null)).isEqualTo("a/b");
    assertThat(few.name(null, null, null)).isEqualTo("unknown");
  }

  private record Named(Map<String, String> attributes, String sender) {}

  private static Named attribute(Enricher enricher, OtlpRequest request, @Nullable String peer) {
    var attribution = enricher.attribute(request, peer).toCompletableFuture().join().getFirst();
    var spliced =
        new ResourceSplicer(100)
            .append(request.groups().getFirst(), attribution.edits())
            .toByteArray();
    try {
      var resource = ExportLogsServiceRequest.parseFrom(spliced).getResourceLogs(0).getResource();
      return new Named(OtlpBackend.attributes(resource), attribution.sender());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static OtlpRequest request(Map<String, String> attributes) {
    var resource = Resource.newBuilder();
    attributes.forEach((key, value) ->
        resource.addAttributes(
            KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))));
    byte[] bytes =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(resource)
                    .addScopeLogs(
                        ScopeLogs.newBuilder().addLogRecords(LogRecord.getDefaultInstance())))
            .build()
            .toByteArray();
    return OtlpRequest.parse(Signal.LOGS, bytes);
  }

  @Test
  void severalGroupsAreToldApart() {
    // Given
    directory.put(ATTEMPT);
    var one = request(Map.of("k8s.pod.uid", "u1"));
    var two = request(Map.of("service.name", "other"));
    byte[] both = new byte[one.bytes().length + two.bytes().length];
    System.arraycopy(one.bytes(), 0, both, 0, one.bytes().length);
    System.arraycopy(two.bytes(), 0, both, one.bytes().length, two.bytes().length);
    // When
    List<Attribution> named =
        enricher.attribute(OtlpRequest.parse(Signal.LOGS, both), null).toCompletableFuture().join();
    // Then
    assertThat(named)
        .extracting(Attribution::sender)
        .containsExactly("climate/weather", "service:other");
  }
}
