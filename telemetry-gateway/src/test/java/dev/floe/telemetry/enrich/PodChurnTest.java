package dev.floe.telemetry.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import dev.floe.telemetry.ledger.SenderNames;
import dev.floe.telemetry.wire.OtlpRequest;
import dev.floe.telemetry.wire.ResourceSplicer;
import dev.floe.telemetry.wire.Signal;
import dev.floe.test.OtlpBackend;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pods come and go faster than the watch tells: addresses and names are used again at once, and
 * events arrive late, in order. Whatever the directory knows at the moment, nobody's telemetry is
 * named after another pod.
 */
class PodChurnTest {
  private static final int STEPS = 20_000;
  private static final int ADDRESSES = 4;

  private final PodDirectory directory =
      new PodDirectory(Duration.ofMinutes(10), 50, 10, System::nanoTime);
  // What waiting would bring is left to chance here: each decision stands on what is known already.
  private final Enricher enricher =
      new Enricher(true, Duration.ZERO, directory, SenderNames.upTo(1000));

  private final ArrayDeque<Runnable> undelivered = new ArrayDeque<>();
  private final List<Pod> running = new ArrayList<>();
  private int pods;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noPodIsNamedAfterAnother(long seed) throws Exception {
    var random = new Random(seed);
    int named = 0;
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(6)) {
        case 0 -> begin(random);
        case 1 -> end(random);
        case 2 -> move(random);
        case 3 -> deliver(random.nextInt(10));
        default -> {
          if (!running.isEmpty()) {
            named += send(running.get(random.nextInt(running.size())), random) ? 1 : 0;
          }
        }
      }
    }
    // The watch does catch up now and then, so the rules are not upheld by naming nobody.
    assertThat(named).isGreaterThan(STEPS / 20);
    deliver(undelivered.size());
    for (var pod : running) {
      assertThat(attributes(Map.of(), pod.ips().getFirst()))
          .containsEntry("k8s.pod.uid", pod.uid());
    }
  }

  private void begin(Random random) {
    if (running.size() == ADDRESSES) {
      return;
    }
    int number = ++pods;
    boolean attempt = random.nextInt(4) != 0;
    // The pods of a StatefulSet are named alike, one after the other.
    var name = attempt ? "r" + number + "-1" : "db-0";
    if (running.stream().anyMatch(pod -> pod.name().equals(name))) {
      return;
    }
    var pod = pod("u" + number, name, attempt ? "r" + number : null, List.of(), false);
    tell(pod);
    var started = pod(pod.uid(), name, pod.run(), free(random), false);
    tell(started);
    running.add(started);
  }

  private void end(Random random) {
    if (running.isEmpty()) {
      return;
    }
    var pod = running.remove(random.nextInt(running.size()));
    if (random.nextBoolean()) {
      tell(pod(pod.uid(), pod.name(), pod.run(), pod.ips(), true));
    }
    undelivered.add(() -> directory.delete(pod.uid()));
  }

  /** A pod's sandbox is made again, with another address. */
  private void move(Random random) {
    if (running.isEmpty() || running.size() == ADDRESSES) {
      return;
    }
    int index = random.nextInt(running.size());
    var pod = running.get(index);
    var moved = pod(pod.uid(), pod.name(), pod.run(), free(random), false);
    tell(moved);
    running.set(index, moved);
  }

  private void tell(Pod pod) {
    undelivered.add(() -> directory.put(pod));
  }

  private void deliver(int events) {
    for (int i = 0; i < events && !undelivered.isEmpty(); i++) {
      undelivered.remove().run();
    }
  }

  private List<String> free(Random random) {
    var free = new ArrayList<Integer>();
    for (int i = 0; i < ADDRESSES; i++) {
      var address = "10.0.0." + i;
      if (running.stream().noneMatch(pod -> pod.ips().contains(address))) {
        free.add(i);
      }
    }
    int one = free.get(random.nextInt(free.size()));
    return List.of("10.0.0." + one, "fd00::" + one);
  }

  /**
   * A pod sends, and says who it is as job-launcher has told it.
   *
   * @return whether it was named
   */
  private boolean send(Pod pod, Random random) throws Exception {
    var says = new HashMap<String, String>();
    says.put("k8s.pod.uid", pod.uid());
    if (pod.run() != null) {
      says.put("floe.run.id", pod.run());
    }
    var peer = random.nextBoolean() ? pod.ips().getFirst() : "fd00:0:0:0:0:0:0:" + digit(pod.ips());
    var attributes = attributes(says, peer);
    assertThat(attributes)
        .satisfies(all -> {
          // Nobody's name it may have, where an attempt seems to hold its address.
          assertThat(all.getOrDefault("k8s.pod.uid", pod.uid())).isEqualTo(pod.uid());
          assertThat(all.getOrDefault("k8s.pod.name", pod.name())).isEqualTo(pod.name());
          assertThat(all.getOrDefault("floe.product", product(pod.uid())))
              .isEqualTo(product(pod.uid()));
          var run = all.get("floe.run.id");
          if (all.containsKey("k8s.pod.uid")) {
            assertThat(run).isEqualTo(pod.run());
          } else {
            assertThat(run).isNull();
          }
        });
    return attributes.containsKey("k8s.pod.name");
  }

  private static String digit(List<String> ips) {
    var first = ips.getFirst();
    return first.substring(first.lastIndexOf('.') + 1);
  }

  private Map<String, String> attributes(Map<String, String> says, String peer) throws Exception {
    var resource = Resource.newBuilder();
    says.forEach((key, value) ->
        resource.addAttributes(
            KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))));
    byte[] bytes =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(ResourceLogs.newBuilder().setResource(resource))
            .build()
            .toByteArray();
    var request = OtlpRequest.parse(Signal.LOGS, bytes);
    var attribution = enricher.attribute(request, peer).toCompletableFuture().join().getFirst();
    var spliced =
        new ResourceSplicer(100)
            .append(request.groups().getFirst(), attribution.edits())
            .toByteArray();
    return OtlpBackend.attributes(
        ExportLogsServiceRequest.parseFrom(spliced).getResourceLogs(0).getResource());
  }

  private static String product(String uid) {
    return "product of " + uid;
  }

  private static Pod pod(
      String uid, String name, @Nullable String run, List<String> ips, boolean finished) {
    return new Pod(
        uid, "climate", name, ips, "n1", null, "climate", product(uid), null, run, "1", finished);
  }
}
