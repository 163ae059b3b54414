package dev.floe.platform.rollout;

import dev.floe.contract.platform.ReleaseState;
import dev.floe.platform.plan.AppliedObject;
import dev.floe.platform.plan.Plan;
import dev.floe.platform.plan.Plan.PlannedComponent;
import dev.floe.platform.plan.Plan.PlannedDomain;
import dev.floe.platform.release.Interruption;
import dev.floe.platform.release.Lease;
import dev.floe.platform.release.LeaseLostException;
import dev.floe.platform.release.ReleaseJournal.Step;
import dev.floe.platform.runtime.JobRun;
import dev.floe.platform.runtime.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The records of one release, in memory. */
class TestRecords extends RolloutRecords {
  final List<Step> steps = new ArrayList<>();
  final List<Observation> observations = new ArrayList<>();
  final List<String> unreachable = new ArrayList<>();

  /** What this release and earlier ones may have applied. */
  final List<AppliedObject> applied = new ArrayList<>();

  /** UIDs that were recorded, by name of the object. */
  final Map<String, String> uids = new HashMap<>();

  final List<JobRun> jobRuns = new ArrayList<>();
  final List<AppliedObject> oldJobs = new ArrayList<>();

  /** The release whose bindings jobs inherit. */
  int bound;

  Interruption interruption = new Interruption(0, false);

  /** Domains of earlier releases. */
  final List<PlannedDomain> domains = new ArrayList<>();

  /** Objects that are written before another replica takes the lease. */
  int writesLeft = Integer.MAX_VALUE;

  @SuppressWarnings("NullAway") // every method that a rollout calls is overridden
  TestRecords() {
    super(null, null);
  }

  ReleaseState state() {
    return steps.getLast().state();
  }

  String lastMessage() {
    return steps.getLast().message();
  }

  List<String> messages() {
    return steps.stream().map(Step::message).toList();
  }

  @Override
  void record(Lease lease, Step step) {
    steps.add(step);
  }

  @Override
  void checkLease(Lease lease) {
    if (writesLeft-- == 0) {
      throw new LeaseLostException(lease.platform());
    }
  }

  @Override
  void bind(Lease lease, int release) {
    bound = release;
  }

  @Override
  void removed(Lease lease, Step step) {
    steps.add(step);
  }

  @Override
  void remember(Plan plan, PlannedComponent component, Observation seen) {
    observations.add(seen);
  }

  @Override
  void unreachable(String platform, String why) {
    unreachable.add(why);
  }

  @Override
  List<AppliedObject> applied(String platform, int upTo) {
    return List.copyOf(applied);
  }

  @Override
  void recordApplied(Lease lease, int release, String component, List<AppliedObject> objects) {
    objects.forEach(object -> uids.put(object.key().name(), String.valueOf(object.uid())));
  }

  @Override
  void recordJobs(Lease lease, int release, String component, List<JobRun> runs) {
    jobRuns.addAll(runs);
  }

  @Override
  List<AppliedObject> jobs(String platform) {
    return oldJobs;
  }

  @Override
  List<AppliedObject> oldJobs(Plan plan) {
    return oldJobs;
  }

  @Override
  void forget(Lease lease, List<AppliedObject> objects) {
    objects.forEach(object -> uids.remove(object.key().name()));
  }

  @Override
  List<PlannedDomain> domains(String platform, int upTo) {
    return List.copyOf(domains);
  }

  @Override
  Interruption interruption(String platform, int release) {
    return interruption;
  }
}
