package dev.floe.launcher.explain;

import dev.floe.contract.run.Explanation;
import dev.floe.kit.problem.FloeException;
import dev.floe.launcher.attempt.AttemptService;
import dev.floe.launcher.log.LogService;
import dev.floe.launcher.run.RunRow;
import dev.floe.launcher.run.RunService;
import dev.floe.launcher.run.RunStore;
import dev.floe.launcher.runtime.JobRuntime;
import dev.floe.launcher.verdict.NextActions;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Gathers what an explanation is made of. */
@ApplicationScoped
class ExplainService {
  private static final int LINES = 20;

  private final RunService runs;
  private final RunStore store;
  private final AttemptService attempts;
  private final LogService logs;
  private final NextActions.Where where;

  ExplainService(
      RunService runs,
      RunStore store,
      AttemptService attempts,
      LogService logs,
      JobRuntime runtime) {
    this.runs = runs;
    this.store = store;
    this.attempts = attempts;
    this.logs = logs;
    this.where =
        runtime.name().equals("local") ? NextActions.Where.MACHINE : NextActions.Where.CLUSTER;
  }

  Uni<Explanation> explain(String id) {
    return runs.get(id)
        .chain(() -> Panache.withSession(() -> store.row(id)))
        .map(row -> row.orElseThrow(() -> FloeException.notFound("Run '%s'".formatted(id))))
        .chain(this::explain);
  }

  private Uni<Explanation> explain(RunRow row) {
    return attempts
        .spent(row)
        .chain(spent ->
            attempts
                .failing(row)
                .chain(failing ->
                    logs.tail(row.id(), row.run().attempt(), LINES)
                        .map(tail ->
                            Explainer.explain(
                                row.run(), failing.orElse(null), spent, tail, where))));
  }
}
