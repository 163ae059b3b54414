"""Two jobs over the same steps: one that is green, and one whose quality check asks too much of the data."""

import os
from collections.abc import Sequence
from datetime import timedelta

from dagster import (
    Definitions,
    In,
    Nothing,
    OpDefinition,
    OpExecutionContext,
    Out,
    ScheduleDefinition,
    in_process_executor,
    job,
    op,
)
from floe_client import Resources, RunKind, RunRequest
from floe_dagster import FloeResource

PLATFORM = os.environ.get("FLOE_PLATFORM", "weather")
IMAGE = os.environ.get("WEATHER_IMAGE", "floe.local/weather:1")


def step(name: str, kind: RunKind, command: Sequence[str]) -> OpDefinition:
    """A step that runs a command of the product, after the step before it."""
    request = RunRequest(
        platform=PLATFORM,
        domain="weather",
        product="seattle-weather",
        pipeline="weather_pipeline",
        kind=kind,
        image=IMAGE,
        command=command,
        resources=Resources(memory="1Gi"),
        timeout=timedelta(minutes=10),
    )

    @op(name=name, ins={"after": In(Nothing)}, out=Out(Nothing))
    def run(context: OpExecutionContext, floe: FloeResource) -> None:
        floe.launch(context, request)

    return run


ingest = step("ingest", RunKind.INGESTION, ["python", "-m", "weather.ingest"])
transform = step("transform", RunKind.DBT_RUN, ["python", "-m", "weather.transform"])
check = step("check", RunKind.QUALITY_CHECK, ["python", "-m", "weather.check"])
check_too_strictly = step(
    "check_too_strictly",
    RunKind.QUALITY_CHECK,
    ["python", "-m", "weather.check", "--max-precipitation-mm", "50"],
)


# The steps wait for runs that work elsewhere, so they need no process of their own.
@job(executor_def=in_process_executor, description="Ingest, transform, check.")
def weather_pipeline() -> None:
    check(transform(ingest()))


@job(executor_def=in_process_executor, description="Ends red: its check allows 50 mm of rain a day.")
def weather_pipeline_broken() -> None:
    check_too_strictly(transform(ingest()))


defs = Definitions(
    jobs=[weather_pipeline, weather_pipeline_broken],
    schedules=[ScheduleDefinition(job=weather_pipeline, cron_schedule="0 6 * * *")],
    resources={"floe": FloeResource()},
)
