package dev.floe.launcher.runtime.local;

import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime.Listener;
import dev.floe.local.process.ProcessStatus.Running;
import dev.floe.local.process.SupervisedProcess;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Tells the listener when an attempt's process begins and ends: one virtual thread for each. */
final class EndWatch {
  private static final Logger LOG = Logger.getLogger(EndWatch.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(150);

  private final Set<AttemptRef> followed = ConcurrentHashMap.newKeySet();
  private volatile Listener listener = _ -> {};

  void listen(Listener whoHears) {
    listener = whoHears;
  }

  /** Follows the process until it ends; a second call for the same attempt changes nothing. */
  void follow(AttemptRef attempt, SupervisedProcess process) {
    if (followed.add(attempt)) {
      Thread.ofVirtual().name("end of " + attempt.name()).start(() -> run(attempt, process));
    }
  }

  private void run(AttemptRef attempt, SupervisedProcess process) {
    try {
      listener.changed(attempt);
      while (Files.exists(process.folder()) && process.status() instanceof Running) {
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      LOG.warnf(e, "Attempt %s can't be followed; it is looked at again later", attempt.name());
    } finally {
      followed.remove(attempt);
    }
    listener.changed(attempt);
  }
}
