package dev.floe.launcher.runtime.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod's log as a stream from a given byte on. The kubelet keeps the last 10 MiB of a container;
 * who comes back after more than that finds the older part gone.
 */
final class PodLog extends FilterInputStream {
  private final @Nullable LogWatch watch;
  private long skip;

  private PodLog(InputStream in, @Nullable LogWatch watch, long skip) {
    super(in);
    this.watch = watch;
    this.skip = skip;
  }

  /** Whether its container has begun, so that there is a log to read. */
  static boolean hasLog(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> JobTemplate.CONTAINER.equals(status.getName()))
        .anyMatch(status ->
            status.getState() != null
                && (status.getState().getRunning() != null
                    || status.getState().getTerminated() != null));
  }

  /** Empty where there is no log after all. */
  static Optional<InputStream> open(KubernetesClient client, Pod pod, long skip, boolean follow) {
    var container =
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .inContainer(JobTemplate.CONTAINER);
    try {
      if (follow) {
        var watch = container.watchLog();
        return Optional.of(new PodLog(watch.getOutput(), watch, skip));
      }
      return Optional.of(new PodLog(container.getLogInputStream(), null, skip));
    } catch (KubernetesClientException e) {
      if (e.getCode() == 400 || e.getCode() == 404) {
        return Optional.empty();
      }
      throw ApiAnswers.unavailable(e);
    }
  }

  @Override
  public int read() throws IOException {
    skipped();
    return super.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    skipped();
    return super.read(target, offset, length);
  }

  @Override
  public void close() throws IOException {
    if (watch != null) {
      watch.close();
    }
    super.close();
  }

  /** Passes over what the reader has already; a log that is shorter is at its end. */
  private void skipped() throws IOException {
    var waste = new byte[8192];
    while (skip > 0) {
      int read = in.read(waste, 0, (int) Math.min(waste.length, skip));
      skip = read < 0 ? 0 : skip - read;
    }
  }
}
