"""What the tests have Dagster execute, in this process and in others."""

from dagster import (
    AssetExecutionContext,
    Definitions,
    OpExecutionContext,
    RetryPolicy,
    asset,
    in_process_executor,
    job,
    materialize,
    op,
)
from floe_client import RunKind, RunRequest
from floe_dagster import FloeResource

REQUEST = RunRequest(
    platform="weather",
    domain="weather",
    product="seattle-weather",
    kind=RunKind.CUSTOM,
    image="floe.local/weather:1",
    command=["true"],
)


@op
def ingest(context: OpExecutionContext, floe: FloeResource) -> None:
    floe.launch(context, REQUEST)


@op(retry_policy=RetryPolicy(max_retries=1))
def ingest_with_retries(context: OpExecutionContext, floe: FloeResource) -> None:
    floe.launch(context, REQUEST)


@job(executor_def=in_process_executor)
def pipeline() -> None:
    ingest()


@job(executor_def=in_process_executor)
def pipeline_with_retries() -> None:
    ingest_with_retries()


@asset
def observations(context: AssetExecutionContext, floe: FloeResource) -> None:
    floe.launch(context, REQUEST)


defs = Definitions(
    assets=[observations],
    jobs=[pipeline, pipeline_with_retries],
    resources={"floe": FloeResource(patience_seconds=10)},
)

__all__ = ["defs", "materialize"]
