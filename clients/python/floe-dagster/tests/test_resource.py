"""The resource in a real Dagster, against a job-launcher that does what a test tells it to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import definitions
import pytest
from dagster import DagsterInstance, ExecuteInProcessResult, materialize
from floe_dagster import FloeResource
from floe_dagster.step import StepTry
from floe_testing.collector import collector
from floe_testing.job_launcher import TOKEN, FakeJobLauncher, fake_job_launcher

RUN_ID = "0af76519-16cd-43dd-8448-eb211c80319c"
TRACE_ID = RUN_ID.replace("-", "")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeJobLauncher]:
    for name in list(os.environ):
        if name.startswith(("FLOE_", "OTEL_", "TRACEPARENT")):
            monkeypatch.delenv(name)
    with fake_job_launcher() as launcher:
        monkeypatch.setenv("FLOE_JOB_LAUNCHER_URL", launcher.url)
        monkeypatch.setenv("FLOE_TOKEN", TOKEN)
        yield launcher


def execute(
    job: str = "pipeline", run_id: str = RUN_ID, patience_seconds: float = 10
) -> ExecuteInProcessResult:
    return definitions.defs.resolve_job_def(job).execute_in_process(
        run_id=run_id,
        raise_on_error=False,
        resources={"floe": FloeResource(patience_seconds=patience_seconds)},
    )


def test_a_step_is_a_run(fake: FakeJobLauncher, capfd: pytest.CaptureFixture[str]) -> None:
    result = execute()
    assert result.success
    (run,) = fake.runs.values()
    assert run.key == f"dagster:{RUN_ID}:ingest:0"
    assert run.traceparent is not None
    assert run.traceparent.startswith(f"00-{TRACE_ID}-")
    out, err = capfd.readouterr()
    assert "hello from the job\n" in out
    assert f"floe run {run.id} is SUCCEEDED" in err
    (output,) = [e for e in result.all_events if e.event_type_value == "STEP_OUTPUT"]
    metadata = {name: value.value for name, value in output.step_output_data.metadata.items()}
    assert metadata["floe_run_id"] == run.id
    assert metadata["floe_attempts"] == 1
    assert metadata["floe_verdict"] == "SUCCESS/Completed"


def test_an_asset_is_a_run(fake: FakeJobLauncher) -> None:
    result = materialize([definitions.observations], resources={"floe": FloeResource()})
    assert result.success
    (event,) = result.get_asset_materialization_events()
    assert event.materialization.metadata["floe_run_id"].value == "run1"


def test_a_restarted_step_finds_its_run_again(fake: FakeJobLauncher) -> None:
    assert execute().success
    assert execute().success
    assert len(fake.runs) == 1
    assert execute(run_id=str(uuid.uuid4())).success
    assert len(fake.runs) == 2


@pytest.mark.parametrize(
    ("category", "reason", "runs", "words"),
    [
        ("APPLICATION", "ExitCode", 2, "floe has spent the attempts"),
        ("INFRASTRUCTURE", "NodeLost", 2, "floe has spent the attempts"),
        ("CONFIGURATION", "ImagePullFailed", 1, "until what is asked for is changed"),
        ("CANCELLED", "ByUser", 1, "ended on purpose"),
    ],
)
def test_an_ending_is_a_failure(
    fake: FakeJobLauncher, category: str, reason: str, runs: int, words: str
) -> None:
    fake.on_submit = [f"fail {category} {reason}"]
    result = execute("pipeline_with_retries")
    assert not result.success
    assert [run.key for run in fake.runs.values()] == [
        f"dagster:{RUN_ID}:ingest_with_retries:{number}" for number in range(runs)
    ]
    failure = result.failure_data_for_node("ingest_with_retries")
    assert failure is not None
    assert failure.user_failure_data is not None
    text = failure.user_failure_data.description or ""
    assert f"{category}/{reason}" in text
    assert words in text
    assert "do this" in text
    metadata = failure.user_failure_data.metadata
    assert metadata["floe_exit_code"].value == 1
    assert "do this" in str(metadata["floe_explanation"].value)


def test_a_refused_request_says_what_is_wrong(fake: FakeJobLauncher) -> None:
    fake.refuse(400, "invalid-request", errors=[{"pointer": "/image", "message": "must not be blank"}])
    result = execute("pipeline_with_retries")
    failure = result.failure_data_for_node("ingest_with_retries")
    assert failure is not None and failure.user_failure_data is not None
    assert "/image: must not be blank" in (failure.user_failure_data.description or "")
    assert not fake.runs


def test_a_launcher_that_is_away_does_not_lead_to_a_second_run(
    monkeypatch: pytest.MonkeyPatch, fake: FakeJobLauncher
) -> None:
    monkeypatch.setenv("FLOE_JOB_LAUNCHER_URL", "http://127.0.0.1:9")
    result = execute("pipeline_with_retries", patience_seconds=0.5)
    failure = result.failure_data_for_node("ingest_with_retries")
    assert failure is not None and failure.user_failure_data is not None
    assert "look with `floe run list`" in (failure.user_failure_data.description or "")
    assert not [e for e in result.all_events if e.event_type_value == "STEP_UP_FOR_RETRY"]


def test_the_step_sends_the_span_above_the_run(
    monkeypatch: pytest.MonkeyPatch, fake: FakeJobLauncher
) -> None:
    with collector() as collected:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collected.url)
        assert execute().success
        span = collected.span("dagster step ingest")
    (run,) = fake.runs.values()
    assert run.traceparent == f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01"
    assert span.trace_id.hex() == TRACE_ID
    assert not span.parent_span_id
    attributes = {one.key: one.value.string_value for one in span.attributes}
    assert attributes["floe.run.id"] == run.id
    assert attributes["dagster.job.name"] == "pipeline"
    assert collected.resources[0]["service.name"] == "dagster"


def test_long_step_keys_still_make_a_key() -> None:
    step = StepTry(RUN_ID, "s" * 300, 0)
    assert len(step.idempotency_key) <= 255
    assert step.idempotency_key != StepTry(RUN_ID, "s" * 301, 0).idempotency_key


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_step_cancels_its_run(
    fake: FakeJobLauncher, tmp_path: Path, number: signal.Signals
) -> None:
    fake.on_submit = ["hang"]
    file = Path(__file__).with_name("definitions.py")
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(tmp_path),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    dagster = subprocess.Popen(
        [sys.executable, "-m", "dagster", "job", "execute", "-f", str(file), "-j", "pipeline"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    try:
        fake.wait_for(lambda: fake.runs and any("logs" in path for _, path, _ in fake.requests))
        os.kill(dagster.pid, number)
        output, _ = dagster.communicate(timeout=120)
    finally:
        dagster.kill()
    (run,) = fake.runs.values()
    assert run.state == "CANCELLED", output
    assert dagster.returncode != 0
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        (record,) = instance.get_run_records()
        assert record.dagster_run.status.value in ("FAILURE", "CANCELED")
