"""The Dagster resource that carries a step out as a floe run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from dagster import AssetExecutionContext, ConfigurableResource, OpExecutionContext
from dagster._core.errors import DagsterExecutionInterruptedError
from floe_client import Explanation, FloeClient, FloeError, Run, RunRequest, RunState
from pydantic import Field

from floe_dagster.ending import failure_of, metadata_of, refusal_of
from floe_dagster.step import StepTry
from floe_dagster.telemetry import TraceContext, step_trace

_CANCEL_PATIENCE = 10.0


class FloeResource(ConfigurableResource):  # type: ignore[type-arg]
    """Runs what a step asks for on floe, and makes the step's fate the run's.

    What is left out comes from the environment: FLOE_JOB_LAUNCHER_URL, FLOE_TOKEN, FLOE_TOKEN_FILE.
    """

    job_launcher_url: str | None = Field(default=None, description="where job-launcher is")
    token_file: str | None = Field(default=None, description="file whose first line is the bearer token")
    patience_seconds: float = Field(
        default=300.0, description="how long a step outlives a job-launcher that does not answer"
    )

    def launch(
        self, context: OpExecutionContext | AssetExecutionContext, request: RunRequest | Mapping[str, Any]
    ) -> Run:
        """Launches the run of this step, or finds it again, and stays with it until it has ended.

        Its log goes to the step's standard output, what happens to it to the step's log, its verdict to the
        metadata of the step's output. When the step is interrupted the run is cancelled.

        Raises:
            Failure: the run did not succeed, or could not be asked for.
        """
        step = _step_of(context)
        with step_trace(step) as trace:
            try:
                run = self._stay_with_run(context, step, trace, request)
            except FloeError as problem:
                raise refusal_of(problem) from problem
        _add_metadata(context, metadata_of(run))
        return run

    def client(self, *, traceparent: str | None = None, patience: float | None = None) -> FloeClient:
        """A client of job-launcher, for what is not a run of a step."""
        settings = {
            "FLOE_JOB_LAUNCHER_URL": self.job_launcher_url,
            "FLOE_TOKEN_FILE": self.token_file,
        }
        env = {**os.environ, **{name: value for name, value in settings.items() if value}}
        return FloeClient.from_env(
            env,
            traceparent=traceparent,
            patience=self.patience_seconds if patience is None else patience,
        )

    def _stay_with_run(
        self,
        context: OpExecutionContext | AssetExecutionContext,
        step: StepTry,
        trace: TraceContext,
        request: RunRequest | Mapping[str, Any],
    ) -> Run:
        with self.client(traceparent=trace.traceparent) as floe:
            try:
                run = floe.submit(request, step.idempotency_key)
                trace.of_run(run.id)
                context.log.info(f"floe run {run.id} (trace {run.trace_id})")
                for line in floe.follow_logs(run.id, lambda now: context.log.info(_words(now))):
                    print(line.text, flush=True)
                run = floe.wait(run.id)
            except (DagsterExecutionInterruptedError, KeyboardInterrupt, SystemExit):
                self._cancel(context, step, request)
                raise
            if run.state is not RunState.SUCCEEDED:
                raise failure_of(run, _explanation(floe, run))
            return run

    def _cancel(
        self,
        context: OpExecutionContext | AssetExecutionContext,
        step: StepTry,
        request: RunRequest | Mapping[str, Any],
    ) -> None:
        """Cancels the step's run, by its key, since the interruption may come before its id is known."""
        try:
            with self.client(traceparent=step.traceparent, patience=_CANCEL_PATIENCE) as floe:
                run = floe.submit(request, step.idempotency_key)
                floe.cancel(run.id)
                context.log.info(f"floe run {run.id} is cancelled, because the step was interrupted")
        except FloeError as problem:
            context.log.error(f"the run of this step could not be cancelled and may continue: {problem}")


def _step_of(context: OpExecutionContext | AssetExecutionContext) -> StepTry:
    op = context.op_execution_context
    return StepTry(
        run_id=op.run_id,
        step_key=op.get_step_execution_context().step.key,
        retry_number=op.retry_number,
        job_name=op.job_name,
    )


def _add_metadata(context: OpExecutionContext | AssetExecutionContext, metadata: dict[str, Any]) -> None:
    op = context.op_execution_context
    if len(op.op_def.output_defs) == 1 and not op.op_def.output_defs[0].is_dynamic:
        op.add_output_metadata(metadata)


def _explanation(floe: FloeClient, run: Run) -> Explanation | None:
    try:
        return floe.explain(run.id)
    except FloeError:  # the verdict says enough
        return None


def _words(run: Run) -> str:
    words = f"floe run {run.id} is {run.state.value}"
    if run.waiting_for:
        words += f", waiting for {run.waiting_for}"
    if run.attempt > 1:
        words += f", attempt {run.attempt}"
    return words
