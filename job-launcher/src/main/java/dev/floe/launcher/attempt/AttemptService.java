package dev.floe.launcher.attempt;

import dev.floe.contract.run.Attempt;
import dev.floe.kit.problem.FloeException;
import dev.floe.launcher.retry.AttemptBudget;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.run.RunService;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Reads attempts. */
@ApplicationScoped
public class AttemptService {
  private final AttemptStore store;
  private final RunService runs;

  AttemptService(AttemptStore store, RunService runs) {
    this.store = store;
    this.runs = runs;
  }

  /** Every attempt of a run, first one first. */
  public Uni<List<Attempt>> ofRun(String runId) {
    return runs.get(runId).chain(() -> Panache.withSession(() -> store.ofRun(runId)));
  }

  Uni<Attempt> get(String runId, int number) {
    return runs.get(runId)
        .chain(() -> Panache.withSession(() -> store.read(new AttemptId(runId, number))))
        .map(row ->
            row.map(AttemptRow::attempt)
                .orElseThrow(() ->
                    FloeException.notFound("Attempt %d of run '%s'".formatted(number, runId))));
  }

  /** Attempts that spend the run's present budgets. */
  public Uni<AttemptBudget> spent(RunRow run) {
    return Panache.withSession(() -> store.spent(run.id(), run.budgetFrom()));
  }

  /** How the steps of the run's latest attempt fail; empty where it has none or they succeed. */
  public Uni<Optional<FailingSteps>> failing(RunRow run) {
    return Panache.withSession(() -> store.read(new AttemptId(run.id(), run.run().attempt())))
        .map(row -> row.flatMap(AttemptRow::failingSteps));
  }
}
