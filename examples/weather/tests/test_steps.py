"""The three steps for real, each as the process that a run would start."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from conftest import Product
from floe_testing.collector import collector

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_the_pipeline_on_duckdb(product: Product, duckdb: Path) -> None:
    with collector() as collected:
        telemetry = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collected.url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_SERVICE_NAME": "seattle-weather",
            "OTEL_RESOURCE_ATTRIBUTES": "floe.run.id=run1,floe.attempt=1",
            "TRACEPARENT": TRACEPARENT,
        }
        ingested = product.run("ingest", **telemetry)
        assert ingested.returncode == 0, ingested.stdout
        assert "loaded 1461 daily observations" in ingested.stdout
        root = collected.span("weather.ingest")
        assert root.trace_id.hex() == TRACEPARENT.split("-")[1]
        assert root.parent_span_id.hex() == TRACEPARENT.split("-")[2]
        for name in ("extract", "normalize", "load"):
            assert collected.span(name).parent_span_id == root.span_id
        (resource,) = collected.resources
        assert resource["service.name"] == "seattle-weather"
        assert resource["floe.run.id"] == "run1"

        assert product.run("ingest").returncode == 0
        transformed = product.run("transform", **telemetry)
        assert transformed.returncode == 0, transformed.stdout
        assert collected.span("model yearly_extremes").trace_id == root.trace_id

    rows = query(product, duckdb, "select count(*) from weather_raw.daily_observation")
    assert rows == [[1461]]
    assert query(product, duckdb, "select * from weather.monthly_climate order by month limit 1") == [
        ["2012-01-01", 31, "7.05", "1.54", "173.3", 22, 4, 7]
    ]
    assert query(product, duckdb, "select * from weather.yearly_extremes where year = 2015") == [
        [2015, "2015-07-19", "35.0", "2015-11-30", "-3.8", "2015-03-15", "55.9", 25]
    ]

    checked = product.run("check")
    assert checked.returncode == 0, checked.stdout
    assert "quality check passed: 28 tests" in checked.stdout

    failed = product.run("check", "--max-precipitation-mm", "50")
    assert failed.returncode == 65
    assert "precipitation_is_plausible found 3 bad rows" in failed.stdout
    assert "quality check failed: 1 of 28 tests" in failed.stdout


def test_the_pipeline_on_postgresql(product: Product, postgres: dict[str, str]) -> None:
    for step in ("ingest", "ingest", "transform", "check"):
        done = product.run(step)
        assert done.returncode == 0, done.stdout
        assert postgres["FLOE_WAREHOUSE_PASSWORD"] not in done.stdout
    assert "quality check passed: 28 tests" in done.stdout
    refused = product.run("check", FLOE_WAREHOUSE_PASSWORD="wrong")
    assert refused.returncode == 2
    assert "password authentication failed" in refused.stdout


def test_an_unreachable_collector_does_not_fail_the_step(product: Product, duckdb: Path) -> None:
    done = product.run(
        "ingest", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT="1"
    )
    assert done.returncode == 0, done.stdout
    assert duckdb.exists()


def test_a_missing_binding_says_what_to_set(product: Product) -> None:
    done = product.run("ingest")
    assert done.returncode == 2
    assert "FLOE_WAREHOUSE_TYPE is not set" in done.stdout
    unknown = product.run("ingest", FLOE_WAREHOUSE_TYPE="oracle")
    assert unknown.returncode == 2
    assert "knows duckdb and postgres" in unknown.stdout


def query(product: Product, file: Path, sql: str) -> list[list[Any]]:
    """The rows, with everything that is not a number as text."""
    script = (
        "import duckdb, json, sys\n"
        "rows = duckdb.connect(sys.argv[1], read_only=True).execute(sys.argv[2]).fetchall()\n"
        "print(json.dumps(rows, default=str))\n"
    )
    done = subprocess.run(
        [product.python, "-c", script, str(file), sql], check=True, stdout=subprocess.PIPE, text=True
    )
    rows: list[list[Any]] = json.loads(done.stdout)
    return rows
