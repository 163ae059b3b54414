"""Loads the daily observations into the warehouse: `python -m weather.ingest`.

Loading twice leaves one row a day: rows are merged by their date.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")

import dlt
from dlt.common.schema.typing import TColumnSchema
from opentelemetry.trace import Tracer

from weather.telemetry import run_step
from weather.warehouse import Warehouse, bound_warehouse

DATA = Path(__file__).resolve().parent.parent / "data" / "seattle-weather.csv"
DATASET = "weather_raw"


def _measure() -> TColumnSchema:
    """A column's own hint: dlt writes the column's name into it."""
    return {"data_type": "decimal", "precision": 6, "scale": 1, "nullable": False}


@dlt.resource(
    name="daily_observation",
    primary_key="date",
    write_disposition="merge",
    columns={
        "date": {"data_type": "date", "nullable": False},
        "precipitation": _measure(),
        "temp_max": _measure(),
        "temp_min": _measure(),
        "wind": _measure(),
        "weather": {"data_type": "text", "nullable": False},
    },
    schema_contract={"columns": "freeze", "data_type": "freeze"},
)
def daily_observation(source: Path = DATA) -> Iterator[list[dict[str, str]]]:
    """One row a day; a column that is new or of another type stops the load."""
    with source.open(newline="", encoding="utf-8") as lines:
        yield list(csv.DictReader(lines))


def ingest(warehouse: Warehouse, tracer: Tracer) -> int:
    """Extracts, normalizes and loads, one span each.

    Returns:
        how many rows were loaded.
    """
    with tempfile.TemporaryDirectory(prefix="weather-dlt-") as state:
        pipeline = dlt.pipeline(
            pipeline_name="weather",
            pipelines_dir=state,
            destination=warehouse.destination(),
            dataset_name=DATASET,
        )
        with tracer.start_as_current_span("extract"):
            pipeline.extract(daily_observation())
        with tracer.start_as_current_span("normalize") as span:
            rows = _rows(pipeline.normalize())
            span.set_attribute("weather.rows", rows)
        with tracer.start_as_current_span("load") as span:
            span.set_attribute("db.system.name", warehouse.name)
            span.set_attribute("db.namespace", DATASET)
            pipeline.load().raise_on_failed_jobs()
        return rows


def _rows(info: Any) -> int:
    counts: dict[str, int] = info.row_counts
    return counts.get("daily_observation", 0)


def main() -> None:
    def step(tracer: Tracer) -> int:
        warehouse = bound_warehouse()
        rows = ingest(warehouse, tracer)
        print(f"loaded {rows} daily observations into {DATASET}.daily_observation of {warehouse.name}")
        return 0

    run_step("weather.ingest", step)


if __name__ == "__main__":
    main()
