"""The client against a job-launcher that does what a test tells it to, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from floe_client import (
    Backoff,
    FloeClient,
    FloeError,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    ProblemError,
    Resources,
    RetryPolicy,
    RetryRule,
    RunKind,
    RunRequest,
    RunState,
    SecretEnv,
    Unauthenticated,
    Unavailable,
    Unreachable,
    VerdictCategory,
    WaitTimeout,
)
from floe_client.request import iso_duration
from floe_testing.job_launcher import TOKEN, FakeJobLauncher, fake_job_launcher

REQUEST = RunRequest(
    platform="weather",
    domain="weather",
    product="seattle-weather",
    kind=RunKind.INGESTION,
    image="floe.local/weather:1",
    command=["python", "-m", "weather.ingest"],
)


@pytest.fixture
def fake() -> Iterator[FakeJobLauncher]:
    with fake_job_launcher() as launcher:
        yield launcher


@pytest.fixture
def floe(fake: FakeJobLauncher) -> Iterator[FloeClient]:
    with FloeClient(fake.url, token=TOKEN, patience=20) as client:
        yield client


def test_submits_once_under_one_key(fake: FakeJobLauncher, floe: FloeClient) -> None:
    first = floe.submit(REQUEST, "key")
    second = floe.submit(REQUEST, "key")
    assert first.id == second.id
    assert len(fake.runs) == 1
    assert first.created_at == datetime(2026, 11, 23, 1, 2, 3, 123456, tzinfo=timezone.utc)


def test_a_lost_answer_does_not_make_a_second_run(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.drop_answers = 2
    run = floe.submit(REQUEST)
    assert list(fake.runs) == [run.id]
    assert [method for method, _, _ in fake.requests] == ["POST"] * 3


def test_another_payload_under_the_same_key_is_refused(floe: FloeClient) -> None:
    floe.submit(REQUEST, "key")
    with pytest.raises(IdempotencyKeyReused) as caught:
        floe.submit(REQUEST.to_json() | {"product": "other"}, "key")
    assert caught.value.status == 422


def test_a_request_in_full() -> None:
    request = RunRequest(
        platform="p",
        domain="d",
        product="x",
        kind=RunKind.DBT_RUN,
        image="i",
        requires=[],
        secret_refs=[SecretEnv("A", "s", "k")],
        resources=Resources(memory="512Mi"),
        timeout=timedelta(minutes=5),
        retry_policy=RetryPolicy(
            max_attempts={VerdictCategory.APPLICATION: 2},
            backoff=Backoff(initial=timedelta(seconds=1), jitter=0.0),
            rules=[RetryRule("RETRY_WITH_MEMORY", reasons=["OOMKilled"], memory_factor=2.0)],
        ),
    )
    assert request.to_json() == {
        "platform": "p",
        "domain": "d",
        "product": "x",
        "kind": "dbt-run",
        "image": "i",
        "requires": [],
        "secretRefs": [{"name": "A", "secret": "s", "key": "k"}],
        "resources": {"memory": "512Mi"},
        "timeout": "PT300S",
        "retryPolicy": {
            "maxAttempts": {"APPLICATION": 2},
            "backoff": {"initial": "PT1S", "jitter": 0.0},
            "rules": [{"action": "RETRY_WITH_MEMORY", "reasons": ["OOMKilled"], "memoryFactor": 2.0}],
        },
    }


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(seconds=30), "PT30S"),
        (timedelta(milliseconds=250), "PT0.25S"),
        (timedelta(days=2), "PT172800S"),
        (timedelta(0), "PT0S"),
    ],
)
def test_durations(duration: timedelta, text: str) -> None:
    assert iso_duration(duration) == text


@pytest.mark.parametrize(("status", "kind"), [(429, "too-many-requests"), (503, "unavailable")])
def test_comes_back_when_asked_to(fake: FakeJobLauncher, floe: FloeClient, status: int, kind: str) -> None:
    fake.refuse(status, kind, retry_after="1")
    started = datetime.now()
    floe.submit(REQUEST)
    assert datetime.now() - started >= timedelta(seconds=1)
    assert len(fake.requests) == 2


def test_gives_up_when_asked_to_come_back_too_late(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.refuse(503, "unavailable", retry_after="3600", detail="the database is away")
    with pytest.raises(Unavailable, match="the database is away"):
        floe.submit(REQUEST)


def test_problems_are_typed_and_say_what_is_wrong(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.refuse(400, "invalid-request", errors=[{"pointer": "/kind", "message": "is not a kind"}])
    with pytest.raises(InvalidRequest, match="/kind: is not a kind") as caught:
        floe.submit(REQUEST)
    assert caught.value.type == "https://floe.dev/problems/invalid-request"
    assert caught.value.errors[0].pointer == "/kind"


def test_a_problem_of_an_unknown_type_is_known_by_its_status(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.refuse(418, "teapot")
    with pytest.raises(ProblemError) as caught:
        floe.submit(REQUEST)
    assert caught.value.status == 418
    with pytest.raises(NotFound):
        floe.get("nothing")


def test_a_wrong_token_is_not_tried_again(fake: FakeJobLauncher) -> None:
    with FloeClient(fake.url, token="wrong") as client, pytest.raises(Unauthenticated):
        client.submit(REQUEST)
    assert len(fake.requests) == 1


def test_takes_up_a_rotated_token(fake: FakeJobLauncher, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old\n")
    with FloeClient(fake.url, token_file=file) as client:
        with pytest.raises(Unauthenticated):
            client.list()
        file.write_text(f"{TOKEN}\nold\n")
        assert client.list().items == ()


def test_nothing_that_listens_is_unreachable() -> None:
    nowhere = FloeClient("http://127.0.0.1:9", token=TOKEN, patience=0.5)
    with nowhere as client, pytest.raises(Unreachable, match="is job-launcher running"):
        client.list()


def test_an_environment_without_an_address_says_what_to_set() -> None:
    with pytest.raises(FloeError, match="FLOE_JOB_LAUNCHER_URL is not set"):
        FloeClient.from_env({})


def test_an_environment_names_service_token_and_trace(fake: FakeJobLauncher) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    env = {"FLOE_JOB_LAUNCHER_URL": fake.url + "/", "FLOE_TOKEN": TOKEN, "TRACEPARENT": trace}
    with FloeClient.from_env(env) as client:
        client.submit(REQUEST)
    assert next(iter(fake.runs.values())).traceparent == trace


def test_a_proxy_does_not_come_between_this_machine_and_itself(
    fake: FakeJobLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with FloeClient(fake.url, token=TOKEN, patience=1) as client:
        assert client.list().items == ()


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(FloeError, match=r"ALL_PROXY .*NO_PROXY=floe\.example"):
        FloeClient("http://floe.example", token=TOKEN)


def test_a_dead_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@127.0.0.1:9")
    with (
        FloeClient("http://floe.example", token=TOKEN, patience=0) as client,
        pytest.raises(Unreachable, match="HTTP_PROXY") as caught,
    ):
        client.get("run1")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["n\u00e4cht", "\u65e5\u6b21", "a\nb", ""])
def test_a_key_that_no_header_carries_is_named(fake: FakeJobLauncher, floe: FloeClient, key: str) -> None:
    with pytest.raises(FloeError, match="printable ASCII"):
        floe.submit(REQUEST, key)
    assert fake.runs == {}


def test_events_go_on_to_the_end_of_a_failed_run(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.on_submit = ["fail APPLICATION ExitedNonZero"]
    run = floe.submit(REQUEST)
    assert [event.type for event in floe.events(run.id)][-2:] == ["AttemptFailed", "RunFailed"]


def test_waits_for_the_end(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.on_submit = ["hang"]
    run = floe.submit(REQUEST)
    threading.Timer(0.2, lambda: fake.end(fake.runs[run.id], "FAILED", "APPLICATION", "OOMKilled")).start()
    ended = floe.wait(run.id)
    assert ended.state is RunState.FAILED
    assert ended.verdict is not None
    assert ended.verdict.reason == "OOMKilled"


def test_waits_no_longer_than_asked(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.on_submit = ["hang"]
    run = floe.submit(REQUEST)
    with pytest.raises(WaitTimeout, match="still RUNNING"):
        floe.wait(run.id, timeout=timedelta(milliseconds=200))


def test_follows_logs_over_dropped_connections_and_attempts(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.on_submit = ["nothing"]
    run = fake.runs[floe.submit(REQUEST).id]

    def live() -> None:
        first = fake.start(run)
        first.drops = [3, 20, 21]  # inside a line, inside a character, right after it
        for piece in (b"one\n", "zwei fünf sechs ü".encode()[:-1], b"\xbc and more\n", b"unfinished"):
            fake.write(first, piece)
        fake.end_attempt(run, "FAILED")
        second = fake.start(run)
        fake.write(second, b"again\r\n\nlast\n")
        fake.end(run, "SUCCEEDED", "SUCCESS", "Completed")

    thread = threading.Thread(target=live)
    thread.start()
    lines = [(line.attempt, line.text) for line in floe.follow_logs(run.id)]
    thread.join()
    assert lines == [
        (1, "one"),
        (1, "zwei fünf sechs ü and more"),
        (1, "unfinished"),
        (2, "again"),
        (2, ""),
        (2, "last"),
    ]
    assert not run.attempts[0].drops


def test_events_resume_after_a_dropped_connection(fake: FakeJobLauncher, floe: FloeClient) -> None:
    run = fake.runs[floe.submit(REQUEST).id]
    run.event_drops = [1, 2]
    assert [event.type for event in floe.events(run.id)] == ["RunQueued", "AttemptStarted", "RunSucceeded"]
    assert [event.sequence for event in floe.events(run.id, last_event_id="2")] == [3]
    assert list(floe.events(run.id, last_event_id="3")) == []


def test_cancel_explain_and_attempts(fake: FakeJobLauncher, floe: FloeClient) -> None:
    fake.on_submit = ["hang"]
    run = floe.submit(REQUEST)
    assert floe.cancel(run.id).state is RunState.CANCELLED
    assert floe.cancel(run.id).state is RunState.CANCELLED
    assert floe.explain(run.id).next_actions == ("do this",)
    assert [attempt.number for attempt in floe.attempts(run.id)] == [1]
