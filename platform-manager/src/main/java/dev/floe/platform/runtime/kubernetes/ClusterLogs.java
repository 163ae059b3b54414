package dev.floe.platform.runtime.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Copies the logs of several pods, each line preceded by the pod's name. */
final class ClusterLogs {
  private static final int QUEUE = 1000;

  private ClusterLogs() {}

  static void copy(
      KubernetesClient client, List<Pod> pods, int tail, boolean follow, OutputStream out)
      throws IOException {
    if (!follow) {
      for (var pod : pods) {
        for (var container : pod.getSpec().getContainers()) {
          once(client, pod, container, tail, out);
        }
      }
      out.flush();
      return;
    }
    var lines = new ArrayBlockingQueue<String>(QUEUE);
    var readers = new ArrayList<Thread>();
    var open = new AtomicInteger();
    try {
      for (var pod : pods) {
        for (var container : pod.getSpec().getContainers()) {
          open.incrementAndGet();
          readers.add(
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      follow(client, pod, container, tail, lines);
                    } finally {
                      open.decrementAndGet();
                    }
                  }));
        }
      }
      while (open.get() > 0 || !lines.isEmpty()) {
        var line = lines.poll(500, TimeUnit.MILLISECONDS);
        if (line != null) {
          out.write(line.getBytes(StandardCharsets.UTF_8));
        }
        if (line == null || lines.isEmpty()) {
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      readers.forEach(Thread::interrupt);
    }
  }

  private static String prefix(Pod pod) {
    return "[" + pod.getMetadata().getName() + "] ";
  }

  private static void once(
      KubernetesClient client, Pod pod, Container container, int tail, OutputStream out)
      throws IOException {
    try {
      var text =
          client
              .pods()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(pod.getMetadata().getName())
              .inContainer(container.getName())
              .tailingLines(tail)
              .getLog();
      for (var line : text.lines().toList()) {
        out.write((prefix(pod) + line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (KubernetesClientException e) {
      out.write(
          (prefix(pod) + "(no log: " + e.getMessage() + ")\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void follow(
      KubernetesClient client,
      Pod pod,
      Container container,
      int tail,
      ArrayBlockingQueue<String> lines) {
    try (var watch =
            client
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .inContainer(container.getName())
                .tailingLines(tail)
                .watchLog();
        var reader =
            new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.put(prefix(pod) + line + "\n");
      }
    } catch (IOException | KubernetesClientException e) {
      lines.offer(prefix(pod) + "(no log any more)\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
