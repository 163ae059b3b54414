package dev.floe.cluster;

import dev.floe.contract.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Every Job and every pod of Jobs that ever was in a namespace while this watched, also those that
 * were there for a moment only.
 */
final class Ledger implements AutoCloseable {
  private final Map<String, Set<String>> jobs = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> pods = new ConcurrentHashMap<>();
  private final Map<String, Pod> lastSeen = new ConcurrentHashMap<>();
  private final List<String> gaps = new CopyOnWriteArrayList<>();
  private final List<Watch> watches = new ArrayList<>();

  private Ledger() {}

  /** Begins to watch without a gap; what is there already is in it. */
  static Ledger of(KubernetesClient client, String namespace) {
    var ledger = new Ledger();
    var jobs = client.batch().v1().jobs().inNamespace(namespace);
    var pods = client.pods().inNamespace(namespace).withLabel(Names.Labels.RUN);
    var jobsNow = jobs.list();
    var podsNow = pods.list();
    jobsNow.getItems().forEach(ledger::job);
    podsNow.getItems().forEach(ledger::pod);
    ledger.watches.add(jobs.watch(after(jobsNow), ledger.watcher(ledger::job)));
    ledger.watches.add(pods.watch(after(podsNow), ledger.watcher(ledger::pod)));
    return ledger;
  }

  /** The uids of the Jobs that an attempt has had, by {@code <run>/<attempt>}. */
  Map<String, Set<String>> jobs() {
    complete();
    return jobs;
  }

  /** The uids of the pods that an attempt has had, by {@code <run>/<attempt>}. */
  Map<String, Set<String>> pods() {
    complete();
    return pods;
  }

  /** The pods of a run as they were when they were last seen, also those that are gone. */
  List<Pod> podsOf(String run) {
    return lastSeen.values().stream()
        .filter(pod -> run.equals(pod.getMetadata().getLabels().get(Names.Labels.RUN)))
        .toList();
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }

  private void complete() {
    if (!gaps.isEmpty()) {
      throw new AssertionError("the watch had gaps, nothing can be said: " + gaps);
    }
  }

  private void job(Job job) {
    note(jobs, attempt(job), job);
  }

  private void pod(Pod pod) {
    note(pods, attempt(pod), pod);
    lastSeen.put(pod.getMetadata().getUid(), pod);
  }

  private static ListOptions after(KubernetesResourceList<?> list) {
    return new ListOptionsBuilder()
        .withResourceVersion(list.getMetadata().getResourceVersion())
        .build();
  }

  private static void note(Map<String, Set<String>> into, String attempt, HasMetadata object) {
    into.computeIfAbsent(attempt, _ -> ConcurrentHashMap.newKeySet())
        .add(object.getMetadata().getUid());
  }

  private static String attempt(HasMetadata object) {
    var labels = object.getMetadata().getLabels();
    return labels.get(Names.Labels.RUN) + "/" + labels.get(Names.Labels.ATTEMPT);
  }

  private <T extends HasMetadata> Watcher<T> watcher(java.util.function.Consumer<T> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, T object) {
        if (action == Action.ERROR) {
          gaps.add("error");
        } else if (action != Action.BOOKMARK) {
          seen.accept(object);
        }
      }

      @Override
      public void onClose(@Nullable WatcherException cause) {
        gaps.add(String.valueOf(cause));
      }
    };
  }
}
