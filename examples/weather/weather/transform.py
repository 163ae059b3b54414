"""Builds the staging view and the marts with dbt: `python -m weather.transform`."""

from __future__ import annotations

import sys

from opentelemetry.trace import Tracer

from weather.dbt import DbtFailed, run_dbt
from weather.telemetry import FAILED, NOT_RUN, run_step
from weather.warehouse import bound_warehouse


def transform(tracer: Tracer) -> int:
    bound_warehouse()
    try:
        results = run_dbt("run", [], tracer)
    except DbtFailed as problem:
        print(problem, file=sys.stderr)
        return NOT_RUN
    broken = [result for result in results if str(result.status) != "success"]
    for result in broken:
        print(f"model {result.node.name} was not built: {result.message}", file=sys.stderr)
    return FAILED if broken else 0


def main() -> None:
    run_step("weather.transform", transform)


if __name__ == "__main__":
    main()
