package dev.floe.launcher.queue;

import dev.floe.launcher.runtime.AttemptLog;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.Ending;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.runtime.LogPosition;
import dev.floe.launcher.runtime.Observation;
import dev.floe.launcher.runtime.RuntimeUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A runtime in memory that counts what it lets run, for tests of what calls it. */
final class MemoryRuntime implements JobRuntime {
  static final String LOG = "one\ntwo\nthree\n";

  private final Map<String, Thing> things = new HashMap<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private final List<String> breaches = new ArrayList<>();
  private final Duration takes;
  private final int exitCode;

  private static final class Thing {
    private final String uid = UUID.randomUUID().toString();
    private final long epoch;
    private boolean suspended = true;
    private Instant started = Instant.EPOCH;
    private boolean stopped;

    private Thing(long epoch) {
      this.epoch = epoch;
    }
  }

  /**
   * @param takes how long each attempt runs
   * @param exitCode how each ends
   */
  MemoryRuntime(Duration takes, int exitCode) {
    this.takes = takes;
    this.exitCode = exitCode;
  }

  synchronized Map<String, Integer> starts() {
    return Map.copyOf(starts);
  }

  /** What must never happen and did. */
  synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  synchronized long running() {
    return things.values().stream().filter(this::runs).count();
  }

  /** Removes everything, as retention does. */
  synchronized void clear() {
    things.clear();
  }

  synchronized int left() {
    return things.size();
  }

  private boolean runs(Thing thing) {
    return !thing.suspended && !ended(thing);
  }

  private boolean ended(Thing thing) {
    return thing.stopped || (!thing.suspended && Instant.now().isAfter(thing.started.plus(takes)));
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void listen(Listener listener) {}

  @Override
  public void watch(String namespace) {}

  @Override
  public synchronized String create(AttemptSpec spec) {
    var name = spec.ref().name();
    var present = things.get(name);
    if (present != null && present.epoch > spec.epoch()) {
      throw new RuntimeUnavailableException("a later claim", new IOException(name));
    }
    if (present != null && present.epoch == spec.epoch()) {
      return present.uid;
    }
    if (present != null && !present.suspended) {
      return present.uid; // let run by an earlier claim
    }
    var fresh = new Thing(spec.epoch());
    things.put(name, fresh);
    return fresh.uid;
  }

  @Override
  public synchronized void release(AttemptRef attempt, String uid) {
    var thing = things.get(attempt.name());
    if (thing != null && thing.uid.equals(uid) && thing.suspended) {
      thing.suspended = false;
      thing.started = Instant.now();
      starts.merge(attempt.name(), 1, Integer::sum);
    }
  }

  @Override
  public synchronized Observation observe(AttemptRef attempt) {
    var thing = things.get(attempt.name());
    if (thing == null) {
      return new Observation.Absent();
    }
    if (thing.stopped || ended(thing)) {
      var cause = thing.stopped ? Ending.Cause.STOPPED : Ending.Cause.EXITED;
      return new Observation.Ended(
          thing.uid,
          null,
          "here",
          new Ending(
              cause,
              thing.stopped ? 143 : exitCode,
              null,
              null,
              thing.started,
              thing.started.plus(takes)));
    }
    return thing.suspended
        ? new Observation.Waiting(thing.uid, true, null)
        : new Observation.Running(thing.uid, null, "here", thing.started);
  }

  @Override
  public synchronized void stop(AttemptRef attempt, Duration grace) {
    var thing = things.get(attempt.name());
    if (thing != null && runs(thing)) {
      thing.stopped = true;
    }
  }

  @Override
  public synchronized void delete(AttemptRef attempt, String uid) {
    var thing = things.get(attempt.name());
    if (thing != null && thing.uid.equals(uid)) {
      if (runs(thing)) {
        breaches.add(attempt.name() + " was removed while it ran");
      }
      things.remove(attempt.name());
    }
  }

  @Override
  public synchronized Optional<AttemptLog> log(
      AttemptRef attempt, LogPosition place, boolean follow) {
    var thing = things.get(attempt.name());
    if (thing == null || thing.suspended) {
      return Optional.empty();
    }
    var bytes = LOG.getBytes(StandardCharsets.UTF_8);
    int from = (int) Math.min(place.skip(), bytes.length);
    return Optional.of(
        AttemptLog.of(new ByteArrayInputStream(bytes, from, bytes.length - from), from));
  }
}
