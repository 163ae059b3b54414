"""What the ending of a floe run means to Dagster. Pure: the same ending always means the same."""

from __future__ import annotations

from typing import Any

from dagster import Failure, MetadataValue
from floe_client import Explanation, FloeError, Run, TooManyRequests, Unreachable, VerdictCategory

_NEVER_AGAIN = frozenset({VerdictCategory.CONFIGURATION, VerdictCategory.CANCELLED})


def metadata_of(run: Run) -> dict[str, Any]:
    """What Dagster shows beside the step."""
    metadata: dict[str, Any] = {
        "floe_run_id": run.id,
        "floe_state": run.state.value,
        "floe_attempts": run.attempt,
    }
    if run.trace_id:
        metadata["floe_trace_id"] = run.trace_id
    if run.verdict:
        metadata["floe_verdict"] = f"{run.verdict.category.value}/{run.verdict.reason}"
        metadata["floe_message"] = run.verdict.message
        if run.verdict.exit_code is not None:
            metadata["floe_exit_code"] = run.verdict.exit_code
    if run.started_at and run.finished_at:
        metadata["floe_seconds"] = (run.finished_at - run.started_at).total_seconds()
    return metadata


def failure_of(run: Run, explanation: Explanation | None) -> Failure:
    """The failure that a run stands for which has ended otherwise than SUCCEEDED."""
    verdict = run.verdict
    category = verdict.category if verdict else None
    ending = f"{category.value}/{verdict.reason}: {verdict.message}" if verdict and category else "no verdict"
    words = f"floe run {run.id} {run.state.value.lower()} after {_attempts(run)}: {ending}"
    metadata = metadata_of(run)
    if explanation:
        metadata["floe_explanation"] = MetadataValue.md(_markdown(explanation))
        if explanation.next_actions:
            words += f"\nWhat to do: {explanation.next_actions[0]}"
    words += f"\n{_about_retries(category)}"
    return Failure(words, metadata=metadata, allow_retries=category not in _NEVER_AGAIN)


def refusal_of(problem: FloeError) -> Failure:
    """The failure of a step whose run could not be asked for, or not be followed to its end.

    Only what surely left no run behind may be tried again: another try has another Idempotency-Key, and
    would start a second run beside the first.
    """
    words = str(problem)
    if isinstance(problem, Unreachable):
        words += (
            "\nA run that job-launcher has accepted continues without Dagster; look with `floe run list` "
            "before starting another."
        )
    return Failure(words, allow_retries=isinstance(problem, TooManyRequests))


def _attempts(run: Run) -> str:
    return f"{run.attempt} attempt" if run.attempt == 1 else f"{run.attempt} attempts"


def _about_retries(category: VerdictCategory | None) -> str:
    if category is VerdictCategory.CONFIGURATION:
        return "Trying again cannot help until what is asked for is changed."
    if category is VerdictCategory.CANCELLED:
        return "It was ended on purpose, so it is not tried again."
    return (
        "floe has spent the attempts that the run's retryPolicy allows; "
        "a retry policy of the Dagster step would start a new run."
    )


def _markdown(explanation: Explanation) -> str:
    parts = [explanation.summary]
    if explanation.cause:
        parts.append(explanation.cause)
    parts.extend(f"- {action}" for action in explanation.next_actions)
    if explanation.log_tail:
        parts.append("```\n" + "\n".join(explanation.log_tail) + "\n```")
    return "\n\n".join(parts)
