"""A real Dagster and the job-launcher that `floe demo` started on this machine."""

import json
import os
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dagster import ExecuteInProcessResult, OpExecutionContext, RetryPolicy, in_process_executor, job, op
from floe_client import (
    FloeClient,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    RunKind,
    RunRequest,
    RunState,
    Unauthenticated,
    VerdictCategory,
)
from floe_dagster import FloeResource

HOME = Path(os.environ.get("FLOE_HOME", Path.home() / ".floe"))
WAIT = timedelta(minutes=3)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the platform gives to Dagster, read from the endpoints file of this machine."""
    file = HOME / "endpoints.json"
    if not file.exists():
        pytest.fail(f"{file} is not there: start the services with `floe demo` first")
    endpoints = json.loads(file.read_text())
    monkeypatch.setenv("FLOE_JOB_LAUNCHER_URL", endpoints["jobLauncher"]["url"])
    monkeypatch.setenv("FLOE_TOKEN_FILE", endpoints["tokenFile"])
    monkeypatch.delenv("FLOE_TOKEN", raising=False)


@pytest.fixture
def floe(environment: None) -> Iterator[FloeClient]:
    with FloeClient.from_env(patience=30) as client:
        yield client


def request(*command: str, **more: Any) -> RunRequest:
    fields: dict[str, Any] = {
        "platform": "weather",
        "requires": [],
        "domain": "weather",
        "product": "seattle-weather",
        "kind": RunKind.CUSTOM,
        "image": "floe.local/weather:1",
        "command": command,
    }
    return RunRequest(**(fields | more))


SPEAKS = """
import time
for number in range(5):
    print("line", number, flush=True)
    time.sleep(0.3)
"""


def test_a_run_from_submission_to_its_end(floe: FloeClient) -> None:
    asked = request("python", "-c", SPEAKS)
    key = str(uuid.uuid4())
    run = floe.submit(asked, key)
    assert floe.submit(asked, key).id == run.id
    with pytest.raises(IdempotencyKeyReused):
        floe.submit(request("true"), key)
    assert [line.text for line in floe.follow_logs(run.id)] == [f"line {number}" for number in range(5)]
    ended = floe.wait(run.id, timeout=WAIT)
    assert ended.state is RunState.SUCCEEDED
    assert ended.verdict is not None
    assert (ended.verdict.category, ended.verdict.exit_code) == (VerdictCategory.SUCCESS, 0)
    assert [attempt.number for attempt in floe.attempts(run.id)] == [1]
    events = list(floe.events(run.id))
    assert events[0].type == "RunQueued"
    assert events[-1].type == "RunSucceeded"
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    later = list(floe.events(run.id, last_event_id=events[0].id))
    assert [event.id for event in later] == [event.id for event in events[1:]]
    assert run.id in {listed.id for listed in floe.list(domain="weather", limit=100).items}
    # Long after the end the log is the same.
    assert [line.text for line in floe.follow_logs(run.id)][-1] == "line 4"


def test_a_failed_run_can_be_explained_and_tried_again(floe: FloeClient) -> None:
    run = floe.submit(request("python", "-c", "import sys; print('no luck'); sys.exit(3)"))
    ended = floe.wait(run.id, timeout=WAIT)
    assert ended.verdict is not None
    assert (ended.verdict.reason, ended.verdict.exit_code) == ("ExitCode", 3)
    explanation = floe.explain(run.id)
    assert explanation.next_actions
    assert "no luck" in explanation.log_tail
    floe.retry(run.id)
    again = floe.wait(run.id, timeout=WAIT)
    assert (again.state, again.attempt) == (RunState.FAILED, 2)


def test_a_cancelled_run_ends(floe: FloeClient) -> None:
    run = floe.submit(request("python", "-c", "import time; print('up', flush=True); time.sleep(600)"))
    lines = floe.follow_logs(run.id)
    assert next(lines).text == "up"
    floe.cancel(run.id)
    assert list(lines) == []
    ended = floe.wait(run.id, timeout=WAIT)
    assert ended.state is RunState.CANCELLED
    assert ended.verdict is not None
    assert ended.verdict.reason == "ByUser"


def test_refusals_are_typed(floe: FloeClient) -> None:
    with pytest.raises(InvalidRequest) as caught:
        floe.submit(request("true").to_json() | {"domain": "Not A Label", "kind": "custom"})
    assert any("domain" in error.pointer for error in caught.value.errors)
    with pytest.raises(NotFound):
        floe.get("00000000000000000000000000")
    stranger = FloeClient(os.environ["FLOE_JOB_LAUNCHER_URL"], token="wrong")
    with stranger, pytest.raises(Unauthenticated):
        stranger.list()


def execute(job_name: str, run_id: str) -> ExecuteInProcessResult:
    from weather_orchestration import defs

    return defs.resolve_job_def(job_name).execute_in_process(run_id=run_id, raise_on_error=False)


def test_dagster_runs_the_pipeline(floe: FloeClient, capfd: pytest.CaptureFixture[str]) -> None:
    run_id = str(uuid.uuid4())
    assert execute("weather_pipeline", run_id).success
    out, _ = capfd.readouterr()
    assert "loaded 1461 daily observations" in out
    assert "quality check passed" in out
    runs = runs_of(floe, run_id)
    assert sorted(runs) == [f"dagster:{run_id}:{step}:0" for step in ("check", "ingest", "transform")]
    assert {run.trace_id for run in runs.values()} == {run_id.replace("-", "")}
    # Whoever restarts the Dagster run finds the same three runs.
    assert execute("weather_pipeline", run_id).success
    assert {run.id for run in runs_of(floe, run_id).values()} == {run.id for run in runs.values()}


def test_dagster_shows_why_the_check_failed(floe: FloeClient) -> None:
    result = execute("weather_pipeline_broken", str(uuid.uuid4()))
    assert not result.success
    failure = result.failure_data_for_node("check_too_strictly")
    assert failure is not None
    assert failure.user_failure_data is not None
    text = failure.user_failure_data.description or ""
    assert "APPLICATION/QualityGateFailed" in text
    assert "precipitation_is_plausible" in str(failure.user_failure_data.metadata["floe_explanation"].value)


def test_dagster_does_not_retry_what_cannot_work() -> None:
    @op(retry_policy=RetryPolicy(max_retries=2))
    def misnamed(context: OpExecutionContext, floe: FloeResource) -> None:
        floe.launch(context, request("true", image="floe.local/no-such-image:1"))

    @job(executor_def=in_process_executor, resource_defs={"floe": FloeResource()})
    def pipeline() -> None:
        misnamed()

    result = pipeline.execute_in_process(raise_on_error=False)
    failure = result.failure_data_for_node("misnamed")
    assert failure is not None
    assert failure.user_failure_data is not None
    assert "CONFIGURATION/ImagePullFailed" in (failure.user_failure_data.description or "")
    assert not [event for event in result.all_events if event.event_type_value == "STEP_UP_FOR_RETRY"]


def test_many_at_once_all_end(floe: FloeClient) -> None:
    texts: dict[int, list[str]] = {}

    def one(number: int) -> None:
        with FloeClient.from_env() as client:
            run = client.submit(request("python", "-c", f"print('number {number}')"))
            texts[number] = [line.text for line in client.follow_logs(run.id)]

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT.total_seconds())
    assert texts == {number: [f"number {number}"] for number in range(6)}


def runs_of(floe: FloeClient, dagster_run_id: str) -> dict[str, Any]:
    page = floe.list(domain="weather", limit=200)
    return {
        run.idempotency_key: run
        for run in page.items
        if run.idempotency_key and run.idempotency_key.startswith(f"dagster:{dagster_run_id}:")
    }
