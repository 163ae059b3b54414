"""The product's quality check, every dbt test of the project: `python -m weather.check`.

Exits with 0 when all tests pass, 65 when the data violates one, 2 when the check could not be carried out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

from opentelemetry.trace import Tracer

from weather.dbt import DbtFailed, run_dbt
from weather.telemetry import DATA_VIOLATION, NOT_RUN, run_step
from weather.warehouse import bound_warehouse


def check(variables: dict[str, float], tracer: Tracer) -> int:
    bound_warehouse()
    try:
        results = run_dbt("test", ["--quiet", "--vars", json.dumps(variables)], tracer)
    except DbtFailed as problem:
        print(problem, file=sys.stderr)
        return NOT_RUN
    return _judge(results)


def _judge(results: Sequence[Any]) -> int:
    broken = [result for result in results if str(result.status) == "fail"]
    not_run = [result for result in results if str(result.status) not in ("pass", "warn", "fail")]
    for result in not_run:
        print(f"test {result.node.name} could not be run: {result.message}", file=sys.stderr)
    for result in broken:
        about = result.node.description or "no description"
        print(f"test {result.node.name} found {result.failures} bad rows: {about}", file=sys.stderr)
    if not_run or not results:
        print("quality check not carried out", file=sys.stderr)
        return NOT_RUN
    if broken:
        print(f"quality check failed: {len(broken)} of {len(results)} tests", file=sys.stderr)
        return DATA_VIOLATION
    print(f"quality check passed: {len(results)} tests")
    return 0


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m weather.check", description="The product's quality check."
    )
    parser.add_argument(
        "--max-precipitation-mm",
        type=float,
        metavar="MM",
        help="most that may fall in one day before the observation counts as wrong (default: 150)",
    )
    arguments = parser.parse_args(argv)
    variables = {
        name: value
        for name, value in {"max_precipitation_mm": arguments.max_precipitation_mm}.items()
        if value is not None
    }
    run_step("weather.check", partial(check, variables))


if __name__ == "__main__":
    main()
