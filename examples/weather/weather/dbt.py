"""Runs dbt in this process: scratch files stay out of the product's folder, each node becomes a span."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")

from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from opentelemetry.trace import Status, StatusCode, Tracer

PROJECT = Path(__file__).resolve().parent.parent / "dbt"


def run_dbt(command: str, arguments: Sequence[str], tracer: Tracer) -> list[Any]:
    """Runs one dbt command over the product's project.

    Returns:
        dbt's result of every node that was run.

    Raises:
        DbtFailed: dbt could not start, parse the project or reach the warehouse.
    """
    with tempfile.TemporaryDirectory(prefix="weather-dbt-") as scratch:
        outcome = dbtRunner().invoke(
            [
                command,
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", scratch, "--log-path", scratch, "--log-level-file", "none"),
                *("--no-use-colors", "--no-version-check"),
                *arguments,
            ]
        )
    if outcome.exception is not None or not isinstance(outcome.result, RunExecutionResult):
        raise DbtFailed(f"dbt {command} could not run: {outcome.exception}")
    results = list(outcome.result.results)
    for result in results:
        _record(result, tracer)
    return results


class DbtFailed(Exception):
    """dbt could not carry the command out at all."""


def _record(result: Any, tracer: Tracer) -> None:
    """Adds the span of one node with the times dbt took itself."""
    started = [timing.started_at for timing in result.timing if timing.started_at]
    ended = [timing.completed_at for timing in result.timing if timing.completed_at]
    if not started or not ended:
        return
    span = tracer.start_span(
        f"{result.node.resource_type} {result.node.name}", start_time=_nanos(min(started))
    )
    span.set_attribute("dbt.node.id", result.node.unique_id)
    span.set_attribute("dbt.node.status", str(result.status))
    if result.failures:
        span.set_attribute("dbt.test.failures", result.failures)
    if str(result.status) in ("error", "fail", "runtime error"):
        span.set_status(Status(StatusCode.ERROR, result.message or ""))
    span.end(_nanos(max(ended)))


def _nanos(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return int(aware.timestamp() * 1_000_000) * 1_000
